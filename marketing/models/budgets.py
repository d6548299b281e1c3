"""What was meant to be spent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import Loaded, currency_field


class MarketingBudget(Loaded):
    """The money that a campaign may spend in a month; ``month`` is its first day.

    Without a campaign it is what the channel has beside the campaigns that are named. ``key`` is
    the hash of month, channel and campaign; ``fx_rate`` what one unit of ``currency`` was worth in
    the reporting currency on the month's first day, null where no rate is known.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    month = models.DateField()
    channel = models.CharField(max_length=120)
    campaign = models.CharField(max_length=200, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    currency = currency_field()
    fx_rate = models.DecimalField(
        "exchange rate", max_digits=30, decimal_places=18, null=True, editable=False
    )

    class Meta:
        verbose_name = "marketing budget"
        ordering: ClassVar = ["-month", "channel", "campaign"]
        indexes: ClassVar = [models.Index(fields=["month"], name="marketing_budget_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.channel} {self.campaign}".strip()
