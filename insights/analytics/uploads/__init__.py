"""What uploads need that knows no database: mappings as forms, and files to begin with."""
