"""Money, delivery and funnel events of each day."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import Loaded, currency_field


class MarketingDay(Loaded):
    """One day of one campaign in one channel, segment and geo.

    ``key`` is the hash of these five: one narrow key instead of an index over five texts, and the
    column that the table would be distributed by. ``fx_rate`` is what one unit of ``currency`` was
    worth in the reporting currency on ``date``; null where no rate is known.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    date = models.DateField()
    channel = models.CharField(max_length=120)
    campaign = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    geo = models.CharField(max_length=80)
    spend = models.DecimalField(max_digits=18, decimal_places=2)
    currency = currency_field()
    fx_rate = models.DecimalField(max_digits=30, decimal_places=18, null=True, editable=False)
    impressions = models.BigIntegerField()
    clicks = models.BigIntegerField()
    leads = models.BigIntegerField()
    mqls = models.BigIntegerField("MQLs")
    sqls = models.BigIntegerField("SQLs")
    opportunities = models.BigIntegerField()
    closed_won = models.BigIntegerField()
    roi = models.DecimalField("ROI (%)", max_digits=18, decimal_places=4, null=True, blank=True)
    revenue = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = "marketing day"
        ordering: ClassVar = ["-date", "channel", "campaign", "segment", "geo"]
        indexes: ClassVar = [
            models.Index(fields=["date"], name="marketing_day_date"),
            models.Index(fields=["campaign", "date"], name="marketing_day_campaign"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.channel} {self.campaign}"
