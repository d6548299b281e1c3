"""What happened to deals: where they were, when they opened and closed, what was changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from revops_site.kernel.models import Loaded


class StageVisit(Loaded):
    """A deal's stay in a stage; ``exited_at`` is null while it lasts.

    ``key`` is the hash of deal, stage and ``entered_at``. The deal may be unknown.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    deal_id = models.CharField("deal", max_length=120)
    pipeline_id = models.CharField("pipeline", max_length=60, blank=True)
    stage_name = models.CharField("stage", max_length=120)
    entered_at = models.DateTimeField("entered")
    exited_at = models.DateTimeField("left", null=True, blank=True)

    class Meta:
        verbose_name = "stage visit"
        ordering: ClassVar = ["deal_id", "entered_at"]
        indexes: ClassVar = [models.Index(fields=["entered_at"], name="pipeline_visit_entered")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(exited_at__isnull=True) | Q(exited_at__gte=F("entered_at")),
                name="pipeline_visit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} in {self.stage_name}"


class StatusEvent(Loaded):
    """A deal became open, won, lost or was deleted; the last one on or before a day counts."""

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        DELETED = "deleted", "Deleted"

    key = models.UUIDField(primary_key=True, editable=False)
    deal_id = models.CharField("deal", max_length=120)
    at = models.DateTimeField()
    status = models.CharField(max_length=7, choices=Status)

    class Meta:
        ordering: ClassVar = ["deal_id", "at"]
        indexes: ClassVar = [models.Index(fields=["at"], name="pipeline_status_at")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.status}"


class DealChange(Loaded):
    """A field of a deal got another value: from a file's history, or by a load, edit or sync."""

    key = models.UUIDField(primary_key=True, editable=False)
    deal_id = models.CharField("deal", max_length=120)
    # To join by: a change may be of a deal that no file knows.
    deal = models.ForeignObject(
        "pipeline.Deal",
        on_delete=models.DO_NOTHING,
        from_fields=["deal_id"],
        to_fields=["deal_id"],
        null=True,
        related_name="+",
    )
    field = models.CharField(max_length=60)
    old = models.CharField(max_length=300, blank=True)
    new = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField("changed")
    source = models.CharField(max_length=20, default="file")

    class Meta:
        ordering: ClassVar = ["deal_id", "changed_at"]
        indexes: ClassVar = [models.Index(fields=["changed_at"], name="pipeline_change_at")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.field}: {self.old} → {self.new}"
