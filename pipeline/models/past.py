"""How deals stood on past days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel.models import currency_field


class DealTold(models.Model):
    """What is told of a deal over time, from ``valid_from`` until before ``valid_to``.

    Both are local days; what is told is so at the end of each of them. ``closed_at`` is given
    while the deal is won or lost.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        DELETED = "deleted", "Deleted"

    valid_from = models.DateField("from")
    valid_to = models.DateField("until", null=True)
    owner_id = models.CharField("owner", max_length=120, null=True)
    region = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    source_channel = models.CharField(max_length=120, blank=True)
    pipeline_id = models.CharField("pipeline", max_length=60, null=True)
    stage_name = models.CharField("stage", max_length=120)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = currency_field()
    created_at = models.DateField("created")
    close_date = models.DateField("expected close", null=True)
    closed_at = models.DateField("closed", null=True)
    status = models.CharField(max_length=7, choices=Status)
    lost_reason = models.CharField(max_length=200, blank=True)
    probability = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    forecast_category = models.CharField(max_length=40, blank=True)
    last_stage_change = models.DateField(null=True)
    discount_pct = models.DecimalField("discount", max_digits=9, decimal_places=6, null=True)
    has_champion = models.BooleanField(null=True)
    has_economic_buyer = models.BooleanField(null=True)

    class Meta:
        abstract = True


class DealPast(DealTold):
    """A stretch of days in which a deal stood as it does not stand today.

    Only deals of which history is recorded have any: changes, stage visits or status events.
    """

    deal_id = models.CharField("deal", max_length=120)
    valid_to = models.DateField("until")

    pk = models.CompositePrimaryKey("deal_id", "valid_from")

    class Meta:
        verbose_name = "past of a deal"
        verbose_name_plural = "pasts of deals"
        indexes: ClassVar = [
            # What was open on a day is answered from this index alone.
            models.Index(
                fields=["valid_to", "valid_from"],
                include=[
                    *("owner_id", "pipeline_id", "stage_name", "segment", "region"),
                    *("source_channel", "forecast_category", "currency", "amount", "probability"),
                    *("created_at", "last_stage_change", "close_date"),
                ],
                condition=Q(status="open"),
                name="pipeline_past_open",
            ),
            models.Index(
                fields=["valid_to", "valid_from"],
                condition=~Q(status="open"),
                name="pipeline_past_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} until {self.valid_to}"


class DealState(DealTold):
    """How a deal stood over a stretch of days; ``valid_to`` is empty where it still does.

    A view of deals and their pasts: on any day a deal has one row at most, so that ``deal_id`` is
    a key of what is read as of a day. Names, account and manager are those of today. Of a deal
    without recorded history it tells what is known today: a closed one was open until it closed,
    how likely it was won nobody knows.
    """

    deal_id = models.CharField(max_length=120, primary_key=True)
    account_id = models.CharField("account", max_length=120, null=True)
    account_name = models.CharField(max_length=200, blank=True)
    opportunity_name = models.CharField(max_length=200, blank=True)
    manager_name = models.CharField("manager", max_length=200, blank=True)
    # To join by: whoever owned a deal need not be known.
    owner = models.ForeignObject(
        "kernel.Rep",
        on_delete=models.DO_NOTHING,
        from_fields=["owner_id"],
        to_fields=["rep_id"],
        null=True,
        related_name="+",
    )

    class Meta:
        managed = False
        db_table = "pipeline_deal_state"
        verbose_name = "state of a deal"
        verbose_name_plural = "states of deals"

    def __str__(self) -> str:
        return f"{self.deal_id} from {self.valid_from}"
