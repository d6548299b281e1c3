"""Who met what: the touches that led to a lead and, later, to a deal."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import Loaded


class Touchpoint(Loaded):
    """One touch of a lead by a channel; ``deal_id`` is the deal that it led to, if any."""

    touch_id = models.CharField(max_length=120, primary_key=True)
    lead_id = models.CharField("lead", max_length=120, blank=True)
    account = models.ForeignKey(
        "kernel.Account",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    deal_id = models.CharField("deal", max_length=120, blank=True)
    channel = models.CharField(max_length=120)
    campaign = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    touched_at = models.DateTimeField("touched")
    type = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar = ["-touched_at", "touch_id"]
        indexes: ClassVar = [
            models.Index(
                fields=["deal_id"],
                condition=~models.Q(deal_id=""),
                name="marketing_touch_deal",
            ),
            models.Index(
                fields=["lead_id"],
                condition=~models.Q(lead_id=""),
                name="marketing_touch_lead",
            ),
            models.Index(fields=["touched_at"], name="marketing_touch_at"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.touched_at:%Y-%m-%d}"
