"""Marketing's sums, recomputed by each load for what it touched."""

from __future__ import annotations

from django.db import models


class Sums(models.Model):
    """What is summed, with money in the reporting currency at the rate of each row's day.

    ``known_*`` sum only the rows whose revenue is known, which is what a return on spend may be
    computed from; ``unrated`` counts rows whose money has no rate and is therefore in none of the
    sums.
    """

    channel = models.CharField(max_length=120)
    segment = models.CharField(max_length=40, blank=True)
    geo = models.CharField(max_length=80)
    spend = models.DecimalField(max_digits=30, decimal_places=12)
    known_spend = models.DecimalField(max_digits=30, decimal_places=12)
    known_revenue = models.DecimalField(max_digits=30, decimal_places=12)
    impressions = models.BigIntegerField()
    clicks = models.BigIntegerField()
    leads = models.BigIntegerField()
    mqls = models.BigIntegerField()
    sqls = models.BigIntegerField()
    opportunities = models.BigIntegerField()
    closed_won = models.BigIntegerField()
    unrated = models.BigIntegerField()
    rows = models.BigIntegerField()

    class Meta:
        abstract = True


class MarketingRollup(Sums):
    """A day's sums per channel, segment and geo, in the reporting currency, without campaigns."""

    date = models.DateField()

    pk = models.CompositePrimaryKey("date", "channel", "segment", "geo")

    class Meta:
        verbose_name = "marketing roll-up"

    def __str__(self) -> str:
        return f"{self.date} {self.channel} {self.segment} {self.geo}"


class CampaignMonth(Sums):
    """A month's sums per channel, campaign, segment and geo; ``month`` is its first day."""

    month = models.DateField()
    campaign = models.CharField(max_length=200, blank=True)

    pk = models.CompositePrimaryKey("month", "channel", "campaign", "segment", "geo")

    class Meta:
        verbose_name = "campaign month"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.channel} {self.campaign}"


class CurrencyMonth(models.Model):
    """The first and the last day of a month that have rows in a currency."""

    month = models.DateField()
    currency = models.CharField(max_length=3)
    first = models.DateField()
    last = models.DateField()

    pk = models.CompositePrimaryKey("month", "currency")

    class Meta:
        verbose_name = "currency month"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.currency}"
