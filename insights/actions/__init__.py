"""What changes rows that belong to no single domain."""
