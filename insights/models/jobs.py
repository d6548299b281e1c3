"""What jobs of the background came to, and why some failed; the queue keeps neither for long."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class JobTally(models.Model):
    """How many jobs of a kind ended in one way, how long they took together, and below which bound.

    ``within`` counts those that took no longer than each bound of ``queries.jobs.BOUNDS``, and all.
    Jobs leave the queue's record after a month; what was counted stays.
    """

    task = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10)
    count = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    within: ArrayField[Any, Any] = ArrayField(models.BigIntegerField())
    newest_at = models.DateTimeField("newest", null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["task", "outcome"], name="insights_job_tally_once")
        ]
        verbose_name = "tally of jobs"
        verbose_name_plural = "tallies of jobs"

    def __str__(self) -> str:
        return f"{self.task} {self.outcome}: {self.count}"


class JobFailure(models.Model):
    """The newest reason that a job failed for. The job may have been tried again since."""

    job_id = models.BigIntegerField(primary_key=True)
    reason = models.CharField(max_length=300)
    failed_at = models.DateTimeField("failed")

    class Meta:
        verbose_name = "failure of a job"
        verbose_name_plural = "failures of jobs"

    def __str__(self) -> str:
        return f"job {self.job_id}: {self.reason}"
