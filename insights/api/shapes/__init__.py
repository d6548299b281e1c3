"""What answers look like, by the names and types of their published contracts."""
