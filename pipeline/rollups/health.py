"""The stored health of open deals: what is due since it changed, and how scores come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from psycopg.sql import SQL, Identifier

from revops_site.kernel.rollups import Bucket, Cursor, RollUp

TASK = "pipeline.tasks.reckon_health"
ALL = ""
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('pipeline health', 0))"
ROOM = "SET LOCAL work_mem = '128MB'"  # what hangs on all deals is put in order in memory
MARK = "INSERT INTO pipeline_healthdue (deal_id) SELECT unnest(%s::text[])"
TAKE = """
    WITH taken AS (DELETE FROM pipeline_healthdue RETURNING deal_id)
    SELECT DISTINCT deal_id FROM taken
"""
DAY = """
    INSERT INTO pipeline_healthday (as_of, currency, generation, at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (as_of) DO UPDATE SET currency = excluded.currency,
        generation = excluded.generation, at = excluded.at
"""
# Days that somebody asked for stay for a while; the one that was reckoned last is the newest.
FORGET = """
    WITH old AS (
        DELETE FROM pipeline_healthday WHERE as_of <> %(newest)s AND as_of NOT IN (
            SELECT as_of FROM pipeline_healthday ORDER BY at DESC LIMIT %(days)s
        ) RETURNING as_of
    )
    DELETE FROM pipeline_dealhealth WHERE as_of IN (TABLE old)
"""
DAYS_KEPT = 8
# A dismissal ends with the flag that it is of.
END = """
    UPDATE pipeline_flagmute AS mute
    SET ended = 'gone', ended_at = %(at)s, ended_on = %(day)s
    WHERE ended_at IS NULL AND until IS NULL AND (%(ids)s::text[] IS NULL OR deal_id = ANY(%(ids)s))
        AND NOT EXISTS (
            SELECT FROM pipeline_dealhealth AS health
            WHERE health.as_of = %(day)s AND health.deal_id = mute.deal_id
                AND mute.flag = ANY(health.risk_flags)
        )
"""


@dataclass(frozen=True)
class Health(RollUp):
    """The deals whose health is due: a load only says which; a job reckons them after it."""

    def refresh(self, buckets: Collection[Bucket]) -> None:
        """Have these deals reckoned anew once the transaction is through."""
        mark([str(bucket) for bucket in buckets])

    def rebuild(self) -> None:
        """Have all deals reckoned anew."""
        mark([ALL])


HEALTH = Health(name="deal_health", model="pipeline.HealthDue", bucket="deal_id", select="")


def mark(ids: Sequence[str]) -> None:
    """Have these deals reckoned anew, ``ALL`` for every one: what changed them must commit."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [list(ids)])
    transaction.on_commit(soon, robust=True)


def mark_all(created: bool = False, **_: Any) -> None:
    """The same of all deals. Listens to what changes how all of them are judged."""
    if not created:
        mark([ALL])


def soon(day: date | None = None) -> None:
    """Have the background reckon what is due, or a whole day; once if asked for several times."""
    name = f"{TASK} {day or ''}".strip()
    task = app.configure_task(TASK, lock=TASK, queueing_lock=name)
    try:
        with transaction.atomic():
            task.defer(day=day.isoformat() if day else "")
    except AlreadyEnqueued:
        pass  # it has not begun yet, and will see what was changed now


def hold(cursor: Cursor) -> None:
    """Keep others from reckoning health until the transaction ends, and make room for it."""
    cursor.execute(LOCK)
    cursor.execute(ROOM)


def take_due(cursor: Cursor) -> frozenset[str]:
    """The deals that are due, among them ``ALL`` for every one; they are no longer."""
    cursor.execute(TAKE)
    return frozenset(deal_id for (deal_id,) in cursor.fetchall())


def put(
    cursor: Cursor,
    day: date,
    ids: Collection[str] | None,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Let these be the scored deals of a day, in place of those of ``ids`` or of all."""
    among = "" if ids is None else " AND deal_id = ANY(%s)"
    known = [day] if ids is None else [day, list(ids)]
    cursor.execute(f"DELETE FROM pipeline_dealhealth WHERE as_of = %s{among}", known)  # noqa: S608
    into = SQL("COPY pipeline_dealhealth ({}) FROM STDIN").format(
        SQL(", ").join(map(Identifier, columns))
    )
    with connection.wrap_database_errors, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)
    if ids is None:
        cursor.execute("ANALYZE pipeline_dealhealth")


def close(
    cursor: Cursor,
    day: date,
    ids: Collection[str] | None,
    *,
    newest: date | None,
    currency: str,
    generation: int,
    at: datetime,
) -> None:
    """Record that a day is scored, end what was dismissed and is gone, forget days of long ago."""
    cursor.execute(DAY, [day, currency, generation, at])
    if day != newest:
        cursor.execute(FORGET, {"newest": newest or day, "days": DAYS_KEPT})
        return
    known = None if ids is None else list(ids)
    cursor.execute(END, {"at": at, "day": day, "ids": known})
    if ids is None:
        cursor.execute(FORGET, {"newest": day, "days": DAYS_KEPT})
