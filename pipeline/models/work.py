"""What is done for deals and with whom: contacts, activities, notes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel.models import Loaded


class Contact(Loaded):
    """A person's part in a deal. ``key`` is the hash of deal and contact."""

    key = models.UUIDField(primary_key=True, editable=False)
    deal_id = models.CharField("deal", max_length=120)
    contact_id = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=80, blank=True)
    is_champion = models.BooleanField("champion", null=True, blank=True)
    is_economic_buyer = models.BooleanField("economic buyer", null=True, blank=True)
    last_engaged_at = models.DateField("last engaged", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["deal_id", "name"]
        indexes: ClassVar = [
            models.Index(fields=["key"], name="pipeline_contact_by_key"),
            models.Index(fields=["contact_id"], name="pipeline_contact_person"),
        ]

    def __str__(self) -> str:
        return self.name


class Activity(Loaded):
    """A call, mail, meeting, demo or task, planned or done; without a deal, ``deal_id`` is empty.

    ``direction`` tells whether the customer took part; ``is_answered`` is known for calls.
    """

    class Type(models.TextChoices):
        CALL = "call", "Call"
        EMAIL = "email", "E-mail"
        MEETING = "meeting", "Meeting"
        DEMO = "demo", "Demo"
        TASK = "task", "Task"

    class Direction(models.TextChoices):
        OUTBOUND = "outbound", "Outbound"
        INBOUND = "inbound", "Inbound"
        TWO_WAY = "two_way", "Two-way"

    activity_id = models.CharField(max_length=120, primary_key=True)
    deal_id = models.CharField("deal", max_length=120, blank=True)
    rep = models.ForeignKey(
        "kernel.Rep",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    contact_id = models.CharField("contact", max_length=120, blank=True)
    type = models.CharField(max_length=7, choices=Type)
    direction = models.CharField(max_length=8, choices=Direction, default=Direction.OUTBOUND)
    subject = models.CharField(max_length=300, blank=True)
    due_date = models.DateField("due", null=True, blank=True)
    done_at = models.DateTimeField("done", null=True, blank=True)
    is_done = models.BooleanField("is done", default=False)
    is_answered = models.BooleanField("answered", null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        ordering: ClassVar = ["-done_at", "activity_id"]
        indexes: ClassVar = [
            models.Index(fields=["rep", "done_at"], name="pipeline_activity_rep"),
            models.Index(fields=["done_at"], name="pipeline_activity_done"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_done=False) | Q(done_at__isnull=False),
                name="pipeline_activity_done_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or f"{self.get_type_display()} {self.activity_id}"


class Note(Loaded):
    """Plain text that somebody wrote about a deal."""

    note_id = models.CharField(max_length=120, primary_key=True)
    deal_id = models.CharField("deal", max_length=120)
    author = models.ForeignKey(
        "kernel.Rep",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    body = models.TextField("text")
    created_at = models.DateTimeField("written")

    class Meta:
        ordering: ClassVar = ["-created_at", "note_id"]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="pipeline_note_written")]

    def __str__(self) -> str:
        return self.body[:60]
