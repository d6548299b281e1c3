"""What people said of their next best actions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class ActionMark(models.Model):
    """That an action of a deal is done, waits until a day, or is of no use; or none of it any more.

    Rows are added and never changed: of a deal the newest holds, and it holds of the action that
    it was said of, which ``rep``, ``action``, ``flag`` (what raised it, "" for none) and
    ``stage_name`` tell from others. ``day`` is the last one of the data then.
    """

    class Said(models.TextChoices):
        DONE = "done", "Done"
        SNOOZED = "snoozed", "Snoozed"
        NOT_USEFUL = "not useful", "Not useful"
        TAKEN_BACK = "taken back", "Brought back"

    deal_id = models.CharField("deal", max_length=120)
    nth = models.PositiveIntegerField()
    said = models.CharField(max_length=10, choices=Said)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    rep = models.ForeignKey("kernel.Rep", on_delete=models.CASCADE, related_name="+")
    action = models.CharField(max_length=8)
    flag = models.CharField(max_length=20, blank=True)
    stage_name = models.CharField("stage", max_length=120)
    priority_score = models.FloatField("priority")
    day = models.DateField()
    by = models.ForeignKey("kernel.User", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "mark of an action"
        verbose_name_plural = "marks of actions"
        indexes: ClassVar = [models.Index(fields=["rep", "day"], name="coaching_mark_rep")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal_id", "nth"], name="coaching_mark_in_order"),
            models.CheckConstraint(
                condition=Q(said="snoozed", until__isnull=False)
                | (~Q(said="snoozed") & Q(until=None)),
                name="coaching_mark_waits_until",
            ),
            models.CheckConstraint(
                condition=~Q(said="not useful", reason=""), name="coaching_mark_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.said}"
