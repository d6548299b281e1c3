"""One run of a source at a time: a lock of the database's session, which dies with its holder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

NAME = "sync:{}"
HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks, hashtextextended(%s, 0) AS key
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            AND (classid::bigint << 32 | objid::bigint) = key
    )
"""


class BusyError(Exception):
    """Another run of the source is under way."""


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Within this block no other run reads the source; BusyError where one does already."""
    name = [NAME.format(source)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        if not cursor.fetchone()[0]:
            raise BusyError(f"A sync of {source} is under way already.")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def is_held(source: str) -> bool:
    """Whether a run of the source is under way, in whatever process."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [NAME.format(source)])
        return bool(cursor.fetchone()[0])
