"""Forecast categories that somebody has set by hand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from pipeline.models.history import DealChange

ENDS = ("won", "lost", "deleted")


class Overrides(models.QuerySet["CategoryOverride"]):
    """Overrides, those in force among them."""

    def standing(self) -> Overrides:
        """Those that nobody took back or replaced, and whose deal has not closed since."""
        closed = DealChange.objects.filter(
            deal_id=OuterRef("deal_id"), field="status", new__in=ENDS, changed_at__gt=OuterRef("at")
        )
        return self.filter(~Exists(closed), ended_at=None)


class CategoryOverride(models.Model):
    """A deal's forecast category as a person set it; it holds until it is taken back or replaced.

    A row is added for each, ended once, and never otherwise changed. That a deal has closed since
    ends it too, which the deal's log of changes tells. ``file_category`` is what the file said.
    """

    class Ended(models.TextChoices):
        TAKEN_BACK = "taken back", "Taken back"
        REPLACED = "replaced", "Replaced"
        CLOSED = "closed", "The deal closed"

    deal_id = models.CharField("deal", max_length=120)
    category = models.CharField(max_length=40)
    file_category = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    ended = models.CharField(max_length=10, choices=Ended, blank=True)

    objects: ClassVar[models.Manager[CategoryOverride]] = Overrides.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        verbose_name = "override of a category"
        verbose_name_plural = "overrides of categories"
        indexes: ClassVar = [models.Index(fields=["deal_id"], name="pipeline_override_deal")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal_id"], condition=Q(ended_at=None), name="pipeline_override_one_of_deal"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="pipeline_override_ends_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.category}"
