"""What the journeys that ended on a day come to: credit by channel, and moves between channels."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


def _exact() -> models.DecimalField[str, str]:
    """Shares of many deals, to a place that no total shows: the same in whichever order added."""
    return models.DecimalField(max_digits=36, decimal_places=12)


class CreditDay(models.Model):
    """The credit of the deals of a currency that were won on a day, by channel.

    ``lines`` of the ledger, touches that count and the deals' own ``amount``; of each rule the part
    of that amount and of the deals. Unattributed is what has no line yet.
    """

    ended_on = models.DateField("won")
    currency = models.CharField(max_length=3)
    channel = models.CharField(max_length=120)
    lines = models.IntegerField()
    touches = models.IntegerField()
    amount = _exact()
    first_touch_amount = _exact()
    last_touch_amount = _exact()
    last_non_direct_amount = _exact()
    linear_amount = _exact()
    u_shaped_amount = _exact()
    time_decay_amount = _exact()
    first_touch_deals = _exact()
    last_touch_deals = _exact()
    last_non_direct_deals = _exact()
    linear_deals = _exact()
    u_shaped_deals = _exact()
    time_decay_deals = _exact()

    class Meta:
        verbose_name = "credit of a day"
        verbose_name_plural = "credit of days"
        indexes: ClassVar = [models.Index(fields=["ended_on"], name="insights_credit_day")]

    def __str__(self) -> str:
        return f"{self.channel} {self.ended_on:%Y-%m-%d}"


class Move(models.Model):
    """How many journeys that ended on a day went from the channel ``before`` to ``after``.

    ``before`` is "" at the start, ``after`` at the end, where ``won`` are those that were won.
    """

    ended_on = models.DateField("ended")
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    journeys = models.IntegerField()
    won = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.before} {self.after} {self.ended_on:%Y-%m-%d}"


class DealMove(Move):
    """Those of deals."""

    class Meta:
        verbose_name = "move of deals"
        verbose_name_plural = "moves of deals"
        indexes: ClassVar = [models.Index(fields=["ended_on"], name="insights_deal_move")]


class LeadMove(Move):
    """Those of leads that came to no deal."""

    class Meta:
        verbose_name = "move of leads"
        verbose_name_plural = "moves of leads"
        indexes: ClassVar = [models.Index(fields=["ended_on"], name="insights_lead_move")]
