"""PostgreSQL that needs no installation: a Django backend that starts its own server."""
