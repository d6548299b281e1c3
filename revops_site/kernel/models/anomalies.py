"""Points of series that were not to be expected, as the worker found them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Anomaly(models.Model):
    """A day, week or month of a series that is unusual, of the company or of a part of it.

    ``by`` names the dimension of the part and ``part`` its value, both empty for the company.
    A ``scoped`` one is of rows of reps: who sees some of them alone sees it of teams of theirs.
    ``end`` is the last day that it covers. ``z`` is robust, ``relative`` the distance from
    ``expected``, as a share of it; ``in_batch`` says that the batch test names it too. Money is in
    the reporting currency. All rows are of the newest data: each run replaces them.
    """

    class Severity(models.TextChoices):
        MEDIUM = "medium", "Medium"
        HIGH = "high", "High"
        CRITICAL = "critical", "Critical"

    series = models.CharField(max_length=40)
    by = models.CharField("dimension", max_length=20, blank=True)
    part = models.CharField(max_length=200, blank=True)
    scoped = models.BooleanField("of reps' rows")
    grain = models.CharField(max_length=5)
    start = models.DateField("from")
    end = models.DateField("to")
    observed = models.FloatField()
    expected = models.FloatField()
    z = models.FloatField()
    relative = models.FloatField("of what was expected")
    severity = models.CharField(max_length=8, choices=Severity)
    direction = models.CharField(max_length=5)
    method = models.CharField(max_length=6)
    in_batch = models.BooleanField("named by the batch test")
    points = models.PositiveIntegerField("points of the series")

    class Meta:
        verbose_name_plural = "anomalies"
        ordering: ClassVar = ["-start", "series", "by", "part"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "by", "part", "start"], name="kernel_anomaly_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["start"], name="kernel_anomaly_start")]

    def __str__(self) -> str:
        return f"{self.start} {self.series} {self.part}".strip()
