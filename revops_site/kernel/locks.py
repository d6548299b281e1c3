"""Locks of the database's session, by name: they die with their holder, however it dies."""

from __future__ import annotations

from django.db import connection

TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
LET_GO = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
QUEUE = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks, hashtextextended(%s, 0) AS key
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (classid::bigint << 32 | objid::bigint) = key
    )
"""


def take(name: str) -> bool:
    """Hold a lock until it is let go or this session ends; False where another session does."""
    return _said(TAKE, name)


def let_go(name: str) -> None:
    """Hold it no more; a session that has ended has let go of it already."""
    if connection.is_usable():
        _said(LET_GO, name)


def is_held(name: str) -> bool:
    """Whether anybody holds it, in whatever process."""
    return _said(HELD, name)


def queue_for(name: str) -> None:
    """Wait until nobody else is within a transaction that did the same, then go on alone."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [name])


def _said(sql: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, [name])
        return bool(cursor.fetchone()[0])
