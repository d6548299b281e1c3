"""What somebody wants to see again: the filters of a page under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

LONGEST_NAME = 60
LONGEST_QUERY = 2000


class SavedView(models.Model):
    """A state of a page, private to who saved it; one of a page's may be what it opens with."""

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    is_default = models.BooleanField("default", default=False)
    saved_at = models.DateTimeField("saved")

    class Meta:
        verbose_name = "saved view"
        ordering: ClassVar = ["page", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint("user", "page", Lower("name"), name="insights_view_name"),
            models.UniqueConstraint(
                fields=["user", "page"],
                condition=Q(is_default=True),
                name="insights_view_default",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page}: {self.name}"
