"""What sums over journeys and credit read: a year's deals without the arrays of their touches."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class DealBrief(models.Model):
    """A deal that is real, with what its journey comes to.

    ``way`` are the channels of its path behind one another, parted by a sign that no file may hold;
    ``touches`` are those that count. ``value`` and ``created_value`` are in the reporting currency
    at the rates of the close and of the creation, 0 where none is known; ``value`` of a won deal
    alone. The rest is as the deal and its journey tell it.
    """

    deal_id = models.CharField("deal", max_length=120, unique=True)
    created_at = models.DateField("created")
    created_value = models.FloatField()
    source_channel = models.CharField(max_length=120, blank=True)
    source_campaign = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField("ended", null=True)
    is_won = models.BooleanField("won")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    value = models.FloatField()
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    owner_id = models.CharField("owner", max_length=120, null=True)
    pipeline_id = models.CharField("pipeline", max_length=120, null=True)
    state_since = models.DateField(null=True)
    revision = models.IntegerField(null=True)
    way = models.TextField(blank=True)
    touches = models.IntegerField()

    class Meta:
        verbose_name = "deal in brief"
        verbose_name_plural = "deals in brief"
        indexes: ClassVar = [
            models.Index(fields=["ended_on"], name="insights_brief_ended"),
            models.Index(fields=["created_at"], name="insights_brief_created"),
            models.Index(
                fields=["state_since"],
                condition=Q(state_since__gt=F("ended_on")),
                name="insights_brief_restated",
            ),
        ]

    def __str__(self) -> str:
        return self.deal_id


class CreditLine(models.Model):
    """What a channel's campaign has of a won deal by the newest revision, beside the deal's own.

    A deal whose credit is not written yet has one line that is nobody's.
    """

    deal_id = models.CharField("deal", max_length=120)
    ended_on = models.DateField("won")
    value = models.FloatField()
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    owner_id = models.CharField("owner", max_length=120, null=True)
    pipeline_id = models.CharField("pipeline", max_length=120, null=True)
    state_since = models.DateField(null=True)
    channel = models.CharField(max_length=120)
    campaign = models.CharField(max_length=200, blank=True)
    touches = models.IntegerField()
    first_touch = models.FloatField()
    last_touch = models.FloatField()
    last_non_direct = models.FloatField()
    linear = models.FloatField()
    u_shaped = models.FloatField()
    time_decay = models.FloatField()

    class Meta:
        verbose_name = "line of credit"
        verbose_name_plural = "lines of credit"
        indexes: ClassVar = [
            models.Index(fields=["ended_on"], name="insights_line_ended"),
            models.Index(fields=["deal_id"], name="insights_line_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.channel}"
