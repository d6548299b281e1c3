"""Why jobs of the background failed; the queue itself keeps only that they did."""

from __future__ import annotations

from django.db import models


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
