"""How the service stands: its database, queue, loads, mails, sessions; counts alone, no person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from insights.models import AlertMail, Delivery
from revops_site.kernel.models import Incident

ACTIVE = timedelta(minutes=15)  # since a session was last seen; its use is noted every five
MAILS = {"subscriptions": Delivery, "alerts": AlertMail}
WAITING = ("waiting", "approved", "sending")
FOLLOW_UPS = "follow-ups"

CONNECTIONS = """
    SELECT COALESCE(state, 'none'), count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1 ORDER BY 1
"""
SERVER = """
    SELECT current_setting('max_connections')::int, pg_database_size(current_database()),
        EXTRACT(epoch FROM pg_postmaster_start_time()),
        COALESCE((SELECT max(EXTRACT(epoch FROM clock_timestamp() - xact_start))
            FROM pg_stat_activity WHERE datname = current_database()
            AND backend_type = 'client backend' AND pid <> pg_backend_pid()), 0)
"""
QUEUES = """
    SELECT queue_name,
        count(*) FILTER (WHERE status = 'todo' AND COALESCE(scheduled_at, %(now)s) <= %(now)s),
        count(*) FILTER (WHERE status = 'doing'),
        count(*) FILTER (WHERE status = 'failed'),
        COALESCE(EXTRACT(epoch FROM max(%(now)s - COALESCE(scheduled_at, deferred.at))
            FILTER (WHERE status = 'todo' AND COALESCE(scheduled_at, %(now)s) <= %(now)s)
        ), 0)::float8
    FROM procrastinate_jobs AS job
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events
        WHERE job_id = job.id AND job.status = 'todo' AND type IN ('deferred', 'deferred_for_retry')
    ) AS deferred ON true
    GROUP BY queue_name ORDER BY queue_name
"""
WORKERS = """
    SELECT count(*) FILTER (WHERE last_heartbeat > %(now)s - interval '1 minute'),
        EXTRACT(epoch FROM %(now)s - max(last_heartbeat))
    FROM procrastinate_workers
"""
LOADS = """
    SELECT dataset, kind, status, count(*),
        sum(EXTRACT(epoch FROM finished_at - started_at))::float8,
        sum(accepted)::bigint, sum(refused)::bigint
    FROM kernel_dataload GROUP BY dataset, kind, status ORDER BY dataset, kind, status
"""
AGES = """
    SELECT dataset, max(last_day), max(finished_at) FILTER (WHERE kind NOT IN ('edit', 'app'))
    FROM kernel_dataload WHERE status = 'loaded' GROUP BY dataset ORDER BY dataset
"""
SESSIONS = """
    SELECT count(*), count(*) FILTER (WHERE seen.last_seen_at > %(active)s)
    FROM usersessions_usersession AS seen
    JOIN django_session AS kept ON kept.session_key = seen.session_key
    WHERE kept.expire_date > %(now)s
"""
MAIL_STATES = """
    SELECT state, count(*), EXTRACT(epoch FROM %(now)s - min(changed_at)) FROM {table}
    GROUP BY state ORDER BY state
"""


@dataclass(frozen=True)
class Server:
    """The database's server; ``longest`` is the age of the oldest transaction in seconds."""

    connections: Mapping[str, int]
    most: int
    size: int
    started: float
    longest: float


@dataclass(frozen=True)
class Waiting:
    """A queue: jobs that could begin, are being done, were given up; seconds of the oldest."""

    name: str
    waiting: int
    doing: int
    failed: int
    oldest: float


@dataclass(frozen=True)
class Loads:
    """Loads of a dataset of one kind that ended in one way; ``seconds`` are of all together."""

    dataset: str
    kind: str
    status: str
    count: int
    seconds: float
    accepted: int
    refused: int


@dataclass(frozen=True)
class Age:
    """The last day of a dataset's data, and when a file or a sync last brought some."""

    dataset: str
    last_day: date | None
    loaded_at: datetime | None


@dataclass(frozen=True)
class Mails:
    """Mails of one kind in one state; ``oldest`` is since when the first has been in it."""

    kind: str
    state: str
    count: int
    oldest: float


def server() -> Server:
    """The database's server, as far as this role may see it."""
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS)
        states = dict(cursor.fetchall())
        cursor.execute(SERVER)
        most, size, started, longest = cursor.fetchone() or (0, 0, 0.0, 0.0)
    return Server(states, most, size, float(started), float(longest))


def queues(now: datetime) -> Sequence[Waiting]:
    """Every queue that there are jobs of."""
    return [Waiting(*row) for row in _rows(QUEUES, now=now)]


def workers(now: datetime) -> tuple[int, float | None]:
    """How many workers reported back a moment ago, and how many seconds since one did."""
    ((count, silence),) = _rows(WORKERS, now=now)
    return count, None if silence is None else float(silence)


def loads() -> Sequence[Loads]:
    """All loads that ever were, added up."""
    return [Loads(*row) for row in _rows(LOADS)]


def ages() -> Sequence[Age]:
    """How new each dataset is that was loaded."""
    return [Age(*row) for row in _rows(AGES)]


def sessions(now: datetime) -> tuple[int, int]:
    """How many sessions are open, and how many of them were used a moment ago."""
    ((opened, active),) = _rows(SESSIONS, now=now, active=now - ACTIVE)
    return opened, active


def mails(now: datetime) -> Sequence[Mails]:
    """The mails that are queued, by kind and state; follow-ups are coaching's to count."""
    return [
        Mails(kind, state, count, float(oldest))
        for kind, model in MAILS.items()
        for state, count, oldest in _rows(MAIL_STATES.format(table=model._meta.db_table), now=now)
    ]


def slow_statements(most: int) -> Sequence[Incident]:
    """The newest statements that took long."""
    return _incidents(Incident.Kind.SLOW, most)


def faults(most: int) -> Sequence[Incident]:
    """The newest faults of ours."""
    return _incidents(Incident.Kind.FAULT, most)


def midnight(day: date) -> float:
    """A day as seconds of the epoch, at its beginning in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _incidents(kind: str, most: int) -> Sequence[Incident]:
    return list(Incident.objects.filter(kind=kind).order_by("-at")[:most])


def _rows(sql: str, **given: datetime) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
