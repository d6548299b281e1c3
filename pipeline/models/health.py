"""How healthy open deals are, as reckoned; what somebody muted; by which scorecard."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pipeline.models.snapshots import Snapshot
from revops_site.kernel.models import currency_field

FLAG_LENGTH = 20


def _flags() -> ArrayField[list[str], list[str]]:
    return ArrayField(models.CharField(max_length=FLAG_LENGTH), default=list)


class DealHealth(models.Model):
    """An open deal of a day with its score, its risks, and what to do about it.

    Reckoned from what is loaded, and never a source: of the newest day it is kept up to date, of
    a past day it stays for a while after somebody has asked for it. ``value`` is the amount in the
    reporting currency. ``muted`` are those of its ``risk_flags`` that somebody muted.
    """

    as_of = models.DateField("day")
    deal_id = models.CharField("deal", max_length=120)
    opportunity_name = models.CharField(max_length=200, blank=True)
    account_id = models.CharField("account", max_length=120, null=True)
    account_name = models.CharField(max_length=200, blank=True)
    owner_id = models.CharField("owner", max_length=120, blank=True)
    # To join by: whoever owned a deal need not be known.
    owner = models.ForeignObject(
        "kernel.Rep",
        on_delete=models.DO_NOTHING,
        from_fields=["owner_id"],
        to_fields=["rep_id"],
        null=True,
        related_name="+",
    )
    region = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    source_channel = models.CharField(max_length=120, blank=True)
    pipeline_id = models.CharField("pipeline", max_length=60, blank=True)
    stage_name = models.CharField("stage", max_length=120)
    category = models.CharField(max_length=40, blank=True)
    own_amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = currency_field()
    value = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    created_at = models.DateField("created")
    close_date = models.DateField("expected close", null=True)
    health_score = models.PositiveSmallIntegerField()
    health_category = models.CharField(max_length=8)
    stage_velocity_points = models.PositiveSmallIntegerField()
    activity_recency_points = models.PositiveSmallIntegerField()
    stakeholders_points = models.PositiveSmallIntegerField()
    close_date_points = models.PositiveSmallIntegerField()
    next_step_points = models.PositiveSmallIntegerField()
    commercial_points = models.PositiveSmallIntegerField()
    risk_flags = _flags()
    muted = _flags()
    # As people read them: those that are heeded, and those that somebody muted.
    heeded_display = models.CharField("flags", max_length=250, blank=True, default="")
    muted_display = models.CharField("muted flags", max_length=250, blank=True, default="")
    urgency = models.CharField(max_length=8)
    slip_risk = models.CharField(max_length=6)
    primary_action = models.CharField("action", max_length=8)
    action_target = models.CharField("with", max_length=200, blank=True)
    action_reason = models.CharField("why", max_length=300)
    days_in_stage = models.IntegerField()
    days_since_activity = models.IntegerField()
    days_until_close = models.IntegerField(null=True)
    deviation_days = models.IntegerField(null=True)
    push_count = models.PositiveSmallIntegerField()

    pk = models.CompositePrimaryKey("deal_id", "as_of")

    class Meta:
        verbose_name = "health of a deal"
        verbose_name_plural = "health of deals"
        indexes: ClassVar = [
            models.Index(fields=["as_of", "owner_id"], name="pipeline_health_day"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} on {self.as_of}: {self.health_score}"


class HealthDay(models.Model):
    """A day whose deals are scored: at which state of the data, and in which currency."""

    as_of = models.DateField("day", primary_key=True)
    currency = currency_field()
    generation = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = "day of health"
        verbose_name_plural = "days of health"

    def __str__(self) -> str:
        return str(self.as_of)


class HealthDue(models.Model):
    """A deal whose health is to be reckoned anew since something of it changed; "" for all."""

    deal_id = models.CharField("deal", max_length=120, blank=True)

    class Meta:
        verbose_name = "health that is due"
        verbose_name_plural = "health that is due"

    def __str__(self) -> str:
        return self.deal_id or "all deals"


class HealthSnapshot(Snapshot):
    """How the open deals of a day spread over the bands of health, by all that pages filter by.

    ``weighed`` sums value times score, ``score`` the scores, ``amount`` the values that are known.
    """

    owner_id = models.CharField("owner", max_length=120, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    source_channel = models.CharField(max_length=120, blank=True)
    pipeline_id = models.CharField("pipeline", max_length=60, blank=True)
    stage_name = models.CharField("stage", max_length=120, blank=True)
    health_category = models.CharField(max_length=8)
    deals = models.IntegerField()
    amount = models.FloatField()
    weighed = models.FloatField()
    score = models.FloatField()

    class Meta:
        verbose_name = "snapshot of health"
        verbose_name_plural = "snapshots of health"
        indexes: ClassVar = [
            models.Index(fields=["snapshot_date"], name="pipeline_health_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_date} {self.health_category}"


class FlagMute(models.Model):
    """A flag of a deal that somebody does not want to be told of, and why.

    One with a day is snoozed: it is told of again after that day. One without is dismissed: until
    it is taken back, or the deal loses the flag; should it come again, it is told of again. A row
    is added for each, ended once, and never otherwise changed.
    """

    class Ended(models.TextChoices):
        TAKEN_BACK = "taken back", "Taken back"
        REPLACED = "replaced", "Replaced"
        GONE = "gone", "The deal lost the flag"

    deal_id = models.CharField("deal", max_length=120)
    flag = models.CharField(max_length=FLAG_LENGTH)
    reason = models.CharField(max_length=300)
    until = models.DateField(null=True)
    by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()
    since = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    ended = models.CharField(max_length=10, choices=Ended, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "muted flag"
        indexes: ClassVar = [models.Index(fields=["deal_id"], name="pipeline_mute_deal")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal_id", "flag"],
                condition=Q(ended_at=None),
                name="pipeline_mute_one_of_flag",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_on=None, ended="")
                | (Q(ended_at__isnull=False, ended_on__isnull=False) & ~Q(ended="")),
                name="pipeline_mute_ends_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.flag}"


class Scorecard(models.Model):
    """The rules that deals were judged by from a moment on; the newest holds.

    ``rules`` has what differs from the published scorecard, by name.
    """

    rules = models.JSONField(default=dict)
    by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"Scorecard of {self.at:%Y-%m-%d}"
