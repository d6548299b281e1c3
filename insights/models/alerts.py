"""What people want to be told of, when it was so, and the mails that say it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Alert(models.Model):
    """A figure that somebody has watched, of what they may see themselves when it is looked at.

    ``limit`` is in the figure's own unit, for a change a fraction, or points of a share, of what is
    unusual the least robust z; ``days`` is how far back a change is measured, or how long ago
    what is unusual may have ended, ``min_volume`` how many rows it has to rest on.
    ``quiet_from`` and ``quiet_until`` are hours of the workspace's day in which no mail goes, the
    same for none. ``looked_at``, ``generation`` and ``day`` are those of the newest look.
    """

    class Kind(models.TextChoices):
        ABOVE = "above", "is above"
        BELOW = "below", "is below"
        RISE = "rise", "has risen by more than"
        FALL = "fall", "has fallen by more than"
        MOVE = "move", "has changed by more than"
        ODD = "odd", "is unusual, by deviations of at least"

    class Mailing(models.TextChoices):
        NOW = "now", "At once"
        DAILY = "daily", "In a digest each day"
        WEEKLY = "weekly", "In a digest each Monday"
        NONE = "none", "Not at all, in the inbox only"

    class State(models.TextChoices):
        ON = "on", "On"
        PAUSED = "paused", "Paused"
        BROKEN = "broken", "Broken"
        ENDED = "ended", "Ended"

    CHANGES: ClassVar = (Kind.RISE, Kind.FALL, Kind.MOVE)

    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    metric_slug = models.CharField("figure", max_length=80)
    query = models.TextField("filters", blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    limit = models.FloatField()
    days = models.PositiveSmallIntegerField(default=7)
    min_volume = models.PositiveIntegerField(default=0)
    cooldown_days = models.PositiveSmallIntegerField(default=7)
    mailing = models.CharField(max_length=10, choices=Mailing, default=Mailing.NOW)
    quiet_from = models.PositiveSmallIntegerField(default=0)
    quiet_until = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.ON)
    why = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField("made")
    looked_at = models.DateTimeField("looked at", null=True)
    generation = models.BigIntegerField(null=True)
    day = models.DateField(null=True)
    holds = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "looked_at"], name="insights_alert_next"),
            models.Index(fields=["owner", "state"], name="insights_alert_owner"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quiet_from__lte=23) & Q(quiet_until__lte=23),
                name="insights_alert_hours",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AlertMail(models.Model):
    """One mail about alerts to their owner: claimed and committed before the server hears of it.

    Digests go once a day or a week, which ``rhythm`` and ``due_on`` say; what goes at once has no
    day. One that was left ``sending`` is ``unknown``, and never sent again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Not sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"

    recipient = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(max_length=10, choices=Alert.Mailing)
    due_on = models.DateField("due", null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.TextField(blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField("changed")

    class Meta:
        verbose_name = "mail of alerts"
        verbose_name_plural = "mails of alerts"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "rhythm", "due_on"], name="insights_alert_digest_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="insights_alert_mail_state")]

    def __str__(self) -> str:
        return f"{self.rhythm} to {self.recipient}"


class Firing(models.Model):
    """That an alert came true, or could not be looked at any more (``is_broken``).

    It is open until it is resolved, by hand or because it is so no longer; an alert has one open
    at most. ``text`` says what was so, ``day`` as of which day of the data; ``reps`` are those
    whose rows it rests on, null for everybody's: who may not see all of them any more is not shown
    it. ``about`` are the anomalies that it told, each by its key: none is told twice. ``seen_at``
    is when its owner called it read.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="firings")
    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    is_broken = models.BooleanField(default=False)
    text = models.TextField()
    day = models.DateField(null=True)
    value = models.FloatField(null=True)
    before = models.FloatField(null=True)
    reps = models.JSONField("whose rows", null=True)
    about = models.JSONField("anomalies", default=list)
    generation = models.BigIntegerField()
    fired_at = models.DateTimeField("fired")
    seen_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField("acknowledged", null=True)
    resolved_at = models.DateTimeField("resolved", null=True)
    resolved_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    mail = models.ForeignKey(
        AlertMail, null=True, on_delete=models.SET_NULL, related_name="firings"
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert"], condition=Q(resolved_at=None), name="insights_firing_one_open"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["owner"], condition=Q(seen_at=None), name="insights_firing_unseen"
            ),
            models.Index(fields=["owner", "-id"], name="insights_firing_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.alert} {self.fired_at:%Y-%m-%d}"
