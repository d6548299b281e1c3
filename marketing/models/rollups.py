"""Marketing's sums, recomputed by each load for what it touched."""

from __future__ import annotations

from django.db import models


class MarketingRollup(models.Model):
    """A day's sums per channel, segment and geo, in the reporting currency, without campaigns.

    Recomputed for the days a load touched, by delete and insert. ``known_*`` sum only the rows
    whose revenue is known, which is what a return on spend may be computed from;
    ``unrated`` counts rows whose money has no rate and is therefore in none of the sums.
    """

    date = models.DateField()
    channel = models.CharField(max_length=120)
    segment = models.CharField(max_length=40)
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

    pk = models.CompositePrimaryKey("date", "channel", "segment", "geo")

    class Meta:
        verbose_name = "marketing roll-up"

    def __str__(self) -> str:
        return f"{self.date} {self.channel} {self.segment} {self.geo}"
