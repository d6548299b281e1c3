"""The queue of the background: who works, what waits, what failed, what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from procrastinate.contrib.django import app

from insights.models import JobFailure, JobTally
from revops_site.kernel.health import WORKER_SILENCE
from revops_site.kernel.replica import connection

MOST_FAILURES = 10
BOUNDS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0)  # seconds of a job
WORKERS = """
    SELECT count(*) FILTER (WHERE last_heartbeat > %s), max(last_heartbeat)
    FROM procrastinate_workers
"""
TASKS = """
    SELECT
        task_name,
        count(*) FILTER (WHERE status = 'todo' AND COALESCE(scheduled_at, %(now)s) <= %(now)s),
        count(*) FILTER (WHERE status = 'todo' AND scheduled_at > %(now)s),
        count(*) FILTER (WHERE status = 'doing'),
        count(*) FILTER (WHERE status = 'failed'),
        count(*) FILTER (WHERE status = 'succeeded'),
        min(COALESCE(scheduled_at, deferred.at))
            FILTER (WHERE status = 'todo' AND COALESCE(scheduled_at, %(now)s) <= %(now)s)
    FROM procrastinate_jobs AS job
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM procrastinate_events
        WHERE job_id = job.id AND job.status = 'todo' AND type IN ('deferred', 'deferred_for_retry')
    ) AS deferred ON true
    GROUP BY task_name
"""
FAILED = """
    SELECT job.id, task_name, attempts, (
        SELECT max(at) FROM procrastinate_events WHERE job_id = job.id AND type = 'failed'
    ) AS at
    FROM procrastinate_jobs AS job WHERE status = 'failed' ORDER BY job.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Task:
    """What there is to do of one kind.

    ``waiting`` could begin now, ``later`` is put off; ``waiting_since`` is of the oldest;
    ``next_at`` is when a periodic one comes next, None for others.
    """

    name: str
    waiting: int = 0
    later: int = 0
    doing: int = 0
    failed: int = 0
    succeeded: int = 0
    waiting_since: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True)
class Failure:
    """A job that was given up; ``reason`` is empty where it was not kept."""

    job_id: int
    task: str
    attempts: int
    at: datetime | None
    reason: str


@dataclass(frozen=True)
class Queue:
    """The workers that reported back a moment ago, when the last one did, and their work."""

    workers: int
    heard_at: datetime | None
    tasks: Sequence[Task]
    failures: Sequence[Failure]

    @property
    def waiting(self) -> int:
        """Jobs that could begin now."""
        return sum(task.waiting for task in self.tasks)

    @property
    def failed(self) -> int:
        """Jobs that were given up, as long as they are kept."""
        return sum(task.failed for task in self.tasks)


def queue(now: datetime) -> Queue:
    """The queue as it is."""
    with connection.cursor() as cursor:
        cursor.execute(WORKERS, [now - WORKER_SILENCE])
        workers, heard_at = cursor.fetchone() or (0, None)
        cursor.execute(TASKS, {"now": now})
        found = {row[0]: Task(*row) for row in cursor.fetchall()}
        cursor.execute(FAILED, [MOST_FAILURES])
        failed = cursor.fetchall()
    return Queue(workers, heard_at, _with_periodic(found, now), _failures(failed))


def tallies() -> Sequence[JobTally]:
    """What jobs came to since they are counted, by kind and outcome."""
    return list(JobTally.objects.order_by("task", "outcome"))


def _with_periodic(found: dict[str, Task], now: datetime) -> Sequence[Task]:
    """All tasks by name, also those periodic ones that never came yet."""
    for periodic in app.periodic_registry.periodic_tasks.values():
        name = periodic.task.name
        known = found.get(name, Task(name))
        seconds = periodic.croniter.get_next(ret_type=float, start_time=now.timestamp())
        found[name] = replace(known, next_at=datetime.fromtimestamp(seconds, UTC))
    return [found[name] for name in sorted(found)]


def _failures(failed: Sequence[tuple[int, str, int, datetime | None]]) -> Sequence[Failure]:
    ids = [job_id for job_id, *_ in failed]
    why = dict(JobFailure.objects.filter(job_id__in=ids).values_list("job_id", "reason"))
    return [Failure(*row, why.get(row[0], "")) for row in failed]
