"""What every figure was, day by day, for the whole company."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Kpi(models.Model):
    """A metric's value as of a day of the data, with the operands that it was computed from.

    The newest day is written anew while its data change; a day that has passed is never touched,
    so that it tells what was known then. ``period_start`` and ``period_end`` are the days that the
    metric's page shows by default, both inside; null for all of them.
    """

    day = models.DateField()
    metric_slug = models.CharField("metric", max_length=80)
    field = models.CharField(max_length=80)
    value = models.FloatField(null=True)
    operands = models.JSONField()
    currency = models.CharField(max_length=3)
    period_start = models.DateField(null=True)
    period_end = models.DateField(null=True)
    generation = models.BigIntegerField()
    taken_at = models.DateTimeField("taken")

    class Meta:
        verbose_name = "KPI"
        ordering: ClassVar = ["-day", "metric_slug"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["metric_slug", "day"], name="insights_kpi_once_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="insights_kpi_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.metric_slug}: {self.value}"
