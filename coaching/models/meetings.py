"""1:1s of a rep and a manager, what they noted there, and what they commit themselves to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

LONGEST_NOTES = 20_000
LONGEST_COMMITMENT = 200


class Meeting(models.Model):
    """A 1:1. Its notes are private to the two of it; nothing else prints them, or searches them.

    It is about the days after ``since`` up to ``reached``, which is set as it is closed: the next
    one of the two begins there. ``version`` counts the changes of its notes. ``manager`` is empty
    once that person can no longer log in at all.
    """

    rep = models.ForeignKey("kernel.Rep", on_delete=models.PROTECT, related_name="+")
    manager = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateField()
    reached = models.DateField(null=True)
    notes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField("opened")
    closed_at = models.DateTimeField("closed", null=True)

    class Meta:
        ordering: ClassVar = ["-opened_at", "-id"]
        verbose_name = "1:1"
        verbose_name_plural = "1:1s"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rep", "manager"],
                condition=Q(closed_at=None),
                name="coaching_meeting_one_open",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, reached=None)
                | Q(closed_at__isnull=False, reached__isnull=False),
                name="coaching_meeting_closed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"1:1 of {self.opened_at:%Y-%m-%d}"


class Commitment(models.Model):
    """What one of the two of a 1:1 is to do until a day; it comes back until it is settled.

    ``carried`` counts how often its day was moved to a later one; ``version`` its changes.
    """

    class Whose(models.TextChoices):
        REP = "rep", "Rep"
        MANAGER = "manager", "Manager"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        NOT_DONE = "not done", "Not done"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="commitments")
    whose = models.CharField(max_length=7, choices=Whose)
    text = models.CharField(max_length=LONGEST_COMMITMENT)
    due_date = models.DateField("due")
    carried = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField("settled", null=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due_date", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", settled_at=None)
                | (~Q(state="open") & Q(settled_at__isnull=False)),
                name="coaching_commitment_settled_when",
            ),
        ]

    def __str__(self) -> str:
        return f"commitment of {self.at:%Y-%m-%d}"
