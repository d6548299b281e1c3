"""Keeps what jobs of the background came to, and why some failed."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.models import JobFailure
from insights.queries.jobs import BOUNDS

LONGEST_REASON = 300
DONE, FAILED = "done", "failed"
TALLY = """
    INSERT INTO insights_jobtally AS kept (task, outcome, count, seconds, within, newest_at)
    VALUES (%(task)s, %(outcome)s, 1, %(seconds)s, %(within)s::bigint[], %(at)s)
    ON CONFLICT (task, outcome) DO UPDATE SET
        count = kept.count + 1,
        seconds = kept.seconds + excluded.seconds,
        newest_at = excluded.newest_at,
        within = CASE WHEN cardinality(kept.within) = cardinality(excluded.within)
            THEN ARRAY(SELECT a + b FROM unnest(kept.within, excluded.within) AS both_of(a, b))
            ELSE excluded.within END
"""


def count(*, task: str, outcome: str, seconds: float, at: datetime) -> None:
    """Count a job that ended: how, and within which bound of time."""
    within = [int(seconds <= bound) for bound in BOUNDS]
    with connection.cursor() as cursor:
        cursor.execute(
            TALLY,
            {"task": task, "outcome": outcome, "seconds": seconds, "within": within, "at": at},
        )


def keep_failure(*, job_id: int, error: BaseException, at: datetime) -> None:
    """Keep the reason of a failure, in place of the one that the job failed for before."""
    first, *_ = str(error).strip().splitlines() or [""]
    reason = f"{type(error).__name__}: {first}".removesuffix(": ")
    JobFailure.objects.update_or_create(
        job_id=job_id, defaults={"reason": reason[:LONGEST_REASON], "failed_at": at}
    )


def forget_failures() -> None:
    """Take out the reasons of jobs that the queue has forgotten."""
    known = ProcrastinateJob.objects.filter(pk=OuterRef("job_id"))
    JobFailure.objects.filter(~Exists(known)).delete()
