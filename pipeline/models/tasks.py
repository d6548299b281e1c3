"""Tasks that people give each other on deals and accounts, or themselves on an insight."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Task(models.Model):
    """Something that somebody is to do for a deal or an account, with a day to be reminded on.

    One on neither is ``about`` something that the product said, shown at ``address``.

    ``version`` counts its changes; ``reminded_at`` is when the mailing of the reminder was
    begun, once for each day of reminding, and ``reminder_came_at`` when the mail server had taken
    it: where that is missing, nobody knows whether it came.
    """

    class Priority(models.IntegerChoices):
        HIGH = 1, "High"
        NORMAL = 2, "Normal"
        LOW = 3, "Low"

    deal_id = models.CharField("deal", max_length=120, blank=True)
    account_id = models.CharField("account", max_length=120, blank=True)
    about = models.CharField("insight", max_length=300, blank=True, editable=False)
    address = models.TextField(blank=True, editable=False)
    title = models.CharField(max_length=200)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    due_date = models.DateField("due", null=True, blank=True)
    remind_on = models.DateField("reminder", null=True, blank=True)
    assignee = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    done_at = models.DateTimeField("done", null=True, blank=True)
    reminded_at = models.DateTimeField("reminded", null=True, editable=False)
    reminder_came_at = models.DateTimeField("reminder mailed", null=True, editable=False)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["assignee", "due_date"],
                condition=Q(done_at=None),
                name="pipeline_task_open",
            ),
            models.Index(fields=["deal_id"], condition=~Q(deal_id=""), name="pipeline_task_deal"),
            models.Index(
                fields=["account_id"], condition=~Q(account_id=""), name="pipeline_task_account"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(about="") & (Q(deal_id="") ^ Q(account_id="")))
                | (~Q(about="") & Q(deal_id="", account_id="")),
                name="pipeline_task_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.title
