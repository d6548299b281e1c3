"""What people write at days: that a price rose, that a channel paused."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

LONGEST_TEXT = 140


class Annotation(models.Model):
    """A short text at a day, or from a day to another, that charts show where it lies.

    ``reach`` says who reads it: everybody signed in, a team and who sees everybody's rows, or its
    author alone. ``domain`` is the part of the product that it is about, empty for all of it.
    ``written_at`` is when it was first kept; one that was ``deleted_at`` some moment can come back.
    """

    class Reach(models.TextChoices):
        COMPANY = "company", "Everybody"
        TEAM = "team", "My team"
        PRIVATE = "private", "Only me"

    author = models.ForeignKey(
        "kernel.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reach = models.CharField("who reads it", max_length=10, choices=Reach)
    team = models.ForeignKey("kernel.Team", null=True, on_delete=models.CASCADE, related_name="+")
    start = models.DateField("from")
    end = models.DateField("to", null=True)
    text = models.CharField(max_length=LONGEST_TEXT)
    domain = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField("written")
    deleted_at = models.DateTimeField("deleted", null=True)

    class Meta:
        ordering: ClassVar = ["-start", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="kernel_annotation_days"
            ),
            models.CheckConstraint(
                condition=~Q(reach="team") | Q(team__isnull=False), name="kernel_annotation_team"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["start"], condition=Q(deleted_at=None), name="kernel_annotation_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start} {self.text}"
