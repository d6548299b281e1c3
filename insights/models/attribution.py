"""What touched deals and leads on their way, and the credit that was written at the close."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


def _texts(**options: object) -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=200), **options)  # type: ignore[arg-type]


class Journey(models.Model):
    """The touches that came up to the end of a deal, or of a lead that no deal came of.

    The arrays go together, the first touch first. ``first_within`` is the place (1 the first) of
    the first touch that counts by the workspace's lookback, past the last one where none does;
    ``path`` are the channels from there on, those that follow themselves once.
    """

    touch_ids = _texts()
    channels = _texts()
    campaigns = _texts()
    days = ArrayField(models.DateField())
    first_within = models.IntegerField()
    path = _texts()

    class Meta:
        abstract = True


class DealJourney(Journey):
    """A deal's journey to its close; of an open one, so far.

    ``revision`` is the newest one of the ledger that gives the deal credit, null where none does;
    ``source_campaign`` that of the first touch by the deal's source channel. ``ended_on`` is the
    day that it was won or lost, null of an open one and of one that was lost as no real deal; the
    columns after it are the deal's own, so that a year's ends are read from here alone.
    """

    deal_id = models.CharField("deal", max_length=120, unique=True)
    revision = models.IntegerField(null=True)
    source_campaign = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(null=True)
    is_won = models.BooleanField(default=False)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, default="")
    segment = models.CharField(max_length=40, blank=True, default="")
    region = models.CharField(max_length=80, blank=True, default="")
    owner_id = models.CharField(max_length=120, null=True)
    pipeline_id = models.CharField(max_length=120, null=True)
    state_since = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["ended_on"],
                condition=Q(ended_on__isnull=False),
                name="insights_journey_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.deal_id


class LeadJourney(Journey):
    """The journey of a lead that came to no deal; it ends with its last touch."""

    lead_id = models.CharField("lead", max_length=120, unique=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    ended_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ended_on"], name="insights_lead_ended")]

    def __str__(self) -> str:
        return self.lead_id


class CreditRevision(models.Model):
    """What was known of a won deal when its credit was written; it is never changed.

    Later evidence makes another revision with its ``reasons``; one that ``is_void`` says that the
    deal is won no longer. The arrays are the touches that counted, by the lookback of that time;
    ``ages`` in days before the close.
    """

    class Reason(models.TextChoices):
        WON = "won", "Won"
        WON_AGAIN = "won again", "Won again"
        REOPENED = "reopened", "No longer won"
        AMOUNT = "amount", "Another amount"
        CLOSE = "close", "Another day of the close"
        TOUCHES = "touches", "Other touches"
        TERMS = "terms", "Other parameters"

    deal_id = models.CharField("deal", max_length=120)
    revision = models.IntegerField()
    written_at = models.DateTimeField("written")
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason))
    is_void = models.BooleanField("no longer won", default=False)
    closed_at = models.DateField("closed", null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    version = models.CharField("version of the models", max_length=20)
    lookback_days = models.IntegerField()
    half_life_days = models.IntegerField()
    touch_ids = _texts()
    channels = _texts()
    campaigns = _texts()
    ages = ArrayField(models.IntegerField())

    class Meta:
        verbose_name = "revision of credit"
        verbose_name_plural = "revisions of credit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal_id", "revision"], name="insights_credit_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-written_at", "-id"], name="insights_credit_written"),
            models.Index(
                fields=["-written_at"], condition=Q(revision__gt=1), name="insights_credit_revised"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.revision}"


class Credit(models.Model):
    """The share of a deal that a channel's campaign earned by each model, in one revision.

    The shares of a revision sum to 1 in every model.
    """

    deal_id = models.CharField("deal", max_length=120)
    revision = models.IntegerField()
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
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal_id", "revision", "channel", "campaign"],
                name="insights_credit_line_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.channel}"


class CreditDue(models.Model):
    """A deal or a lead whose journey is to be told anew in the background; "" for all of them."""

    what = models.CharField(max_length=5)
    key = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "journey to be told"
        verbose_name_plural = "journeys to be told"

    def __str__(self) -> str:
        return f"{self.what} {self.key}"
