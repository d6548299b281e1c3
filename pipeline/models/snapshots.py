"""What was known on a day, each deal and the forecast made of them: written once, never changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from revops_site.kernel.models import currency_field

WHOLE = "All"


class UnchangeableError(TypeError):
    """Somebody tried to change what was known on a past day."""


class WrittenOnce(models.QuerySet[Any]):
    """Rows that are added and read, but not changed."""

    def update(self, **changes: Any) -> int:
        """Refused."""
        raise UnchangeableError("A snapshot tells what was known on its day: it is never changed.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        """Refused."""
        return self.update()


class Snapshot(models.Model):
    """Of which day something is, and when and from what it was made.

    Made from the day's own data, or later from the history of changes; the latter can be made
    anew as long as nobody has seen the day go by.
    """

    class MadeFrom(models.TextChoices):
        DAY = "day", "The day's data"
        HISTORY = "history", "The history of changes"

    snapshot_date = models.DateField("day")
    made_from = models.CharField(max_length=7, choices=MadeFrom)
    currency = currency_field()

    objects: ClassVar[models.Manager[Any]] = WrittenOnce.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; one that is there already is not changed."""
        if not self._state.adding:
            raise UnchangeableError("A snapshot tells what was known on its day.")
        super().save(*args, **{**kwargs, "force_insert": True})


class DealSnapshot(Snapshot):
    """A deal as it stood at the end of a day: one that was open, or won in that day's quarter.

    ``value`` is the amount in the reporting currency ``currency``, null where it is unknown.
    ``chance`` is what the deal or its stage says; ``p`` how likely it is won by the quarter's end,
    by its stage and health. Nothing of health is known of won deals. ``next_step_points`` is kept
    since no history tells what was planned.
    """

    deal_id = models.CharField("deal", max_length=120)
    status = models.CharField(max_length=4)
    owner_id = models.CharField("owner", max_length=120, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    source_channel = models.CharField(max_length=120, blank=True)
    pipeline_id = models.CharField("pipeline", max_length=60, blank=True)
    stage_name = models.CharField("stage", max_length=120, blank=True)
    category = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    created_at = models.DateField("created")
    close_date = models.DateField("expected close", null=True)
    closed_at = models.DateField("closed", null=True)
    days_in_stage = models.IntegerField(null=True)
    stage_probability = models.FloatField(null=True)
    chance = models.FloatField(null=True)
    health_score = models.PositiveSmallIntegerField(null=True)
    next_step_points = models.PositiveSmallIntegerField(null=True)
    p = models.FloatField(null=True)

    pk = models.CompositePrimaryKey("deal_id", "snapshot_date")

    class Meta:
        verbose_name = "snapshot of a deal"
        verbose_name_plural = "snapshots of deals"
        indexes: ClassVar = [
            models.Index(fields=["snapshot_date", "status"], name="pipeline_snapshot_day"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} on {self.snapshot_date}"


class ForecastSnapshot(Snapshot):
    """The forecast of a quarter as of a day, of a team or of all (``WHOLE``).

    Money in the reporting currency ``currency``; null is what cannot be known, such as a gap
    without a target.
    """

    quarter = models.CharField(max_length=20)
    team = models.CharField(max_length=120)
    week_number = models.PositiveSmallIntegerField()
    quarter_target = models.FloatField(null=True)
    closed_won_amount = models.FloatField()
    expected_open = models.FloatField()
    expected_pull_in = models.FloatField()
    expected_new = models.FloatField()
    ai_forecast = models.FloatField()
    forecast_low = models.FloatField()
    forecast_high = models.FloatField()
    ai_forecast_confidence = models.FloatField(null=True)
    commit_amount = models.FloatField()
    commit_confidence = models.FloatField(null=True)
    target_probability = models.FloatField(null=True)
    gap_to_target = models.FloatField(null=True)
    gap_pct = models.FloatField(null=True)
    coverage_ratio = models.FloatField(null=True)
    risk_level = models.CharField(max_length=8, blank=True)
    forecast_change_1w = models.FloatField(null=True)
    commit_change_1w = models.FloatField(null=True)
    cumulative_target = models.FloatField(null=True)
    pipeline_commit = models.FloatField()
    pipeline_best_case = models.FloatField()
    pipeline_total = models.FloatField()
    avg_pipeline_health = models.FloatField(null=True)
    open_deals = models.PositiveIntegerField()
    method = models.CharField(max_length=2)
    interval_inflation = models.FloatField()
    made_at = models.DateTimeField("made")
    data_freshness = models.DateTimeField("data last loaded", null=True)

    pk = models.CompositePrimaryKey("snapshot_date", "quarter", "team")

    class Meta:
        ordering: ClassVar = ["-snapshot_date", "team"]
        verbose_name = "snapshot of a forecast"
        verbose_name_plural = "snapshots of forecasts"

    def __str__(self) -> str:
        return f"{self.quarter} {self.team} on {self.snapshot_date}"
