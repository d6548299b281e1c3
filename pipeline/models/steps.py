"""What is written in the app: deals' next steps, whose notes are whose, notes on accounts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class NextStep(models.Model):
    """What is to be done next for a deal, as a person set it; a planned activity stands for it.

    It counts until it is done, replaced or taken back, whatever files and syncs bring. A row is
    added for each, ended once, and never changed otherwise. ``set_on`` is the local day it was set.
    """

    class Ended(models.TextChoices):
        DONE = "done", "Done"
        REPLACED = "replaced", "Replaced"
        TAKEN_BACK = "taken back", "Taken back"

    deal_id = models.CharField("deal", max_length=120)
    activity_id = models.CharField("activity", max_length=120)
    type = models.CharField(max_length=7)
    text = models.CharField(max_length=300)
    due_date = models.DateField("due")
    set_on = models.DateField()
    by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    ended = models.CharField(max_length=10, choices=Ended, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "next step"
        indexes: ClassVar = [models.Index(fields=["deal_id"], name="pipeline_step_deal")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal_id"], condition=Q(ended_at=None), name="pipeline_step_one_of_deal"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="pipeline_step_ends_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.text}"


class WrittenNote(models.Model):
    """Whose a note is that was written in the app, and until when it stays on top.

    The text is with all other notes; a note of a file or a CRM has a row here while it is pinned.
    """

    note_id = models.CharField("note", max_length=120, primary_key=True)
    deal_id = models.CharField("deal", max_length=120)
    author = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    is_pinned = models.BooleanField("pinned", default=False)
    review_on = models.DateField("to be reviewed on", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["note_id"]
        indexes: ClassVar = [models.Index(fields=["deal_id"], name="pipeline_written_deal")]

    def __str__(self) -> str:
        return self.note_id


class AccountNote(models.Model):
    """Plain text that somebody wrote about an account, here and nowhere else.

    ``version`` counts the changes of its text and its pin. The account need not be known by a file:
    its deals name it.
    """

    account_id = models.CharField("account", max_length=120)
    author = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    body = models.TextField("text")
    created_at = models.DateTimeField("written")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(null=True)
    is_pinned = models.BooleanField("pinned", default=False)
    review_on = models.DateField("to be reviewed on", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        verbose_name = "note on an account"
        verbose_name_plural = "notes on accounts"
        indexes: ClassVar = [
            models.Index(fields=["account_id", "-created_at"], name="pipeline_note_account")
        ]

    def __str__(self) -> str:
        return self.body[:60]
