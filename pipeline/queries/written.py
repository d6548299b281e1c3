"""SQL to be read by people, put together from parts."""

from __future__ import annotations

from psycopg.sql import SQL, Identifier


def beside(**parts: str) -> str:
    """The one rows of several queries, by a name for each, as one row."""
    named = (SQL("({}) AS {}").format(SQL(sql), Identifier(name)) for name, sql in parts.items())
    return SQL("SELECT * FROM {}").format(SQL(" CROSS JOIN ").join(named)).as_string()
