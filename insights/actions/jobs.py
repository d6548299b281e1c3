"""Keeps why jobs of the background failed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.models import JobFailure

LONGEST_REASON = 300


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
