"""PostgreSQL that starts itself."""
