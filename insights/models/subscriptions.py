"""What is mailed from time to time: to whom, of which page, and what became of each mail."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Subscription(models.Model):
    """A page or a report that is mailed in a rhythm; each recipient is sent what they may see.

    ``next_on`` is the day of the workspace on which it is due next, from ``hour`` on. One that
    cannot be made is ``broken``, with ``why``; ``told_at`` is when its owner was to be told so.
    """

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", "Each Monday"
        MONTHLY = "monthly", "On the first of each month"
        FISCAL = "fiscal", "On the first of each fiscal quarter"

    class State(models.TextChoices):
        ON = "on", "On"
        PAUSED = "paused", "Paused"
        BROKEN = "broken", "Broken"
        ENDED = "ended", "Ended"

    owner = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    recipients: models.ManyToManyField[models.Model, models.Model] = models.ManyToManyField(
        "kernel.User", related_name="+"
    )
    title = models.CharField(max_length=200)
    address = models.TextField()
    suffix = models.CharField("format", max_length=4)
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    hour = models.PositiveSmallIntegerField(default=6, db_default=6)
    state = models.CharField(max_length=10, choices=State, default=State.ON)
    why = models.TextField(blank=True)
    made_at = models.DateTimeField("made")
    next_on = models.DateField("next")
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_on"], name="insights_subscription_due"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="insights_subscription_hour"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.rhythm}"


class Delivery(models.Model):
    """One mail of a subscription: to one recipient, for one day, once.

    Whoever sends it writes ``sending`` before the mail server hears of it; one that was left there
    is ``unknown``, and never sent again. ``file`` is what went along.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Not sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    recipient = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField("due")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    why = models.TextField(blank=True)
    file = models.ForeignKey(
        "insights.MadeFile", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField("changed")

    class Meta:
        verbose_name_plural = "deliveries"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "recipient", "due_on"], name="insights_delivery_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state"], name="insights_delivery_state")]

    def __str__(self) -> str:
        return f"{self.subscription} to {self.recipient} on {self.due_on}"
