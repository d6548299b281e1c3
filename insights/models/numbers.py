"""What every figure was of fixed slices at the last check, and changes that nothing explains."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class CheckedNumber(models.Model):
    """A metric's value of a fixed slice as it was last checked.

    ``slice_key`` tells the slice with its days from others, ``generation`` the state of the data;
    ``before`` and ``generation_before`` are those of the check before.
    """

    metric_slug = models.CharField("metric", max_length=80)
    slice_name = models.CharField("slice", max_length=120)
    slice_key = models.CharField(max_length=32)
    value = models.FloatField(null=True)
    before = models.FloatField(null=True)
    generation = models.BigIntegerField()
    generation_before = models.BigIntegerField(null=True)
    checked_at = models.DateTimeField("checked")

    pk = models.CompositePrimaryKey("metric_slug", "slice_name")

    class Meta:
        verbose_name = "checked number"

    def __str__(self) -> str:
        return f"{self.metric_slug}, {self.slice_name}: {self.value}"


class NumberAlarm(models.Model):
    """A metric that changed though nothing was loaded, edited or synced in between."""

    metric_slug = models.CharField("metric", max_length=80)
    slice_name = models.CharField("slice", max_length=120)
    before = models.FloatField(null=True)
    after = models.FloatField(null=True)
    generation = models.BigIntegerField()
    checked_before_at = models.DateTimeField("checked before")
    found_at = models.DateTimeField("found")

    class Meta:
        verbose_name = "change without a load"
        verbose_name_plural = "changes without a load"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["found_at"], name="insights_alarm_found")]

    def __str__(self) -> str:
        return f"{self.metric_slug}, {self.slice_name}"
