"""Django's PostgreSQL backend for networks that fail: nobody waits for ever for a database."""
