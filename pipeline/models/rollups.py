"""The pipeline's sums, recomputed by each load and edit for what it touched."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models


def _money() -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(max_digits=30, decimal_places=12)


class Flow(models.Model):
    """What was created, won and lost, in the reporting currency at the rate of that very day.

    Deleted deals are in none of it, nor are those lost as a duplicate, a test or merged into
    another. ``*_missing`` counts the deals whose amount nobody knows, ``*_unrated`` those whose
    amount has no rate: neither is in the sum of amounts, both are in the count of deals.
    ``cycle_days`` sums the days from creation to win.
    """

    pipeline_id = models.CharField("pipeline", max_length=60, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    created = models.BigIntegerField()
    created_amount = _money()
    created_missing = models.BigIntegerField()
    created_unrated = models.BigIntegerField()
    won = models.BigIntegerField()
    won_amount = _money()
    won_missing = models.BigIntegerField()
    won_unrated = models.BigIntegerField()
    cycle_days = models.BigIntegerField()
    lost = models.BigIntegerField()
    lost_amount = _money()
    lost_missing = models.BigIntegerField()
    lost_unrated = models.BigIntegerField()

    class Meta:
        abstract = True


class DealFlowDay(Flow):
    """What a day saw created, won and lost, by pipeline, segment, region and source channel."""

    date = models.DateField()
    source_channel = models.CharField(max_length=120, blank=True)

    pk = models.CompositePrimaryKey("date", "pipeline_id", "segment", "region", "source_channel")

    class Meta:
        verbose_name = "day of deals"

    def __str__(self) -> str:
        return f"{self.date} {self.segment} {self.region} {self.source_channel}"


class DealFlowWeek(Flow):
    """What a week saw created, won and lost by each owner; ``week`` is its Monday.

    ``owner_id`` is the owner that the deal has, empty where it has none.
    """

    week = models.DateField()
    owner_id = models.CharField("owner", max_length=120, blank=True)

    pk = models.CompositePrimaryKey("week", "owner_id", "pipeline_id", "segment", "region")

    class Meta:
        verbose_name = "week of deals"

    def __str__(self) -> str:
        return f"{self.week} {self.owner_id} {self.segment} {self.region}"


class OpenDealStock(models.Model):
    """What is open now, by owner and all that a page filters by, in the deals' own currency.

    Amounts are converted when read, at the rate of the day that is asked about. ``weighted`` sums
    the amounts times how likely each is won: the deal's own probability, else its stage's; a deal
    without either adds nothing, and ``missing_probability`` counts it. Deals of the forecast
    category ``Omitted`` are here under that name: whoever counts a pipeline leaves them out.
    ``close_month`` is the first day of the month that the deals are expected in.
    """

    owner_id = models.CharField("owner", max_length=120, blank=True)
    pipeline_id = models.CharField("pipeline", max_length=60, blank=True)
    stage_name = models.CharField("stage", max_length=120)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    source_channel = models.CharField(max_length=120, blank=True)
    forecast_category = models.CharField(max_length=40, blank=True)
    close_month = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    deals = models.BigIntegerField()
    amount = _money()
    weighted = _money()
    missing_amount = models.BigIntegerField()
    missing_probability = models.BigIntegerField()

    class Meta:
        verbose_name = "open deals"
        verbose_name_plural = "open deals"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    *("owner_id", "pipeline_id", "stage_name", "segment", "region"),
                    *("source_channel", "forecast_category", "close_month", "currency"),
                ],
                name="pipeline_stock_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.stage_name} {self.currency}"


class ActivityDay(models.Model):
    """How many activities of a type a rep completed on a day, in the workspace's time zone.

    Work counts whatever became of its deal. ``rep_id`` is empty where nobody is named.
    """

    date = models.DateField()
    rep_id = models.CharField("rep", max_length=120, blank=True)
    type = models.CharField(max_length=7)
    done = models.BigIntegerField()

    pk = models.CompositePrimaryKey("date", "rep_id", "type")

    class Meta:
        verbose_name = "day of activities"

    def __str__(self) -> str:
        return f"{self.date} {self.rep_id} {self.type}"
