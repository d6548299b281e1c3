"""Who came, through which campaign, and how far each got on the way to a deal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel.models import Loaded


class Lead(Loaded):
    """One lead and the day of each step that it took; ``deal_id`` is the deal it became, if any.

    ``response_hours`` passed until somebody first answered it; null where nobody has, or nobody
    knows.
    """

    lead_id = models.CharField(max_length=120, primary_key=True)
    created_at = models.DateField("created")
    channel = models.CharField(max_length=120, blank=True)
    campaign = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(
        "kernel.Rep",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
    )
    response_hours = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    mql_at = models.DateField("MQL since", null=True, blank=True)
    sql_at = models.DateField("SQL since", null=True, blank=True)
    converted_at = models.DateField("became a deal", null=True, blank=True)
    deal_id = models.CharField("deal", max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "lead_id"]
        indexes: ClassVar = [
            # A year of leads is summed from this index alone.
            models.Index(
                fields=["created_at"],
                include=[
                    *("channel", "segment", "region", "response_hours"),
                    *("mql_at", "sql_at", "converted_at", "deal_id"),
                ],
                name="marketing_lead_created",
            ),
            models.Index(fields=["campaign", "created_at"], name="marketing_lead_campaign"),
            models.Index(
                fields=["owner", "created_at"],
                condition=Q(owner__isnull=False),
                name="marketing_lead_owner",
            ),
            models.Index(fields=["deal_id"], condition=~Q(deal_id=""), name="marketing_lead_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} of {self.created_at:%Y-%m-%d}"
