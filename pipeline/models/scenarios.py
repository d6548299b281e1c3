"""What somebody assumes of a quarter's deals, kept under a name."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from revops_site.kernel.models import currency_field

LONGEST_NAME = 60


class Scenario(models.Model):
    """Assumptions about deals, by deal id, and what they came to when they were saved.

    Private to who saved it unless ``is_shared``; readers see of it what they may see of deals.
    ``filters`` is what the page was narrowed to, ``figures`` what came out then by field name, in
    ``currency`` and as of the day ``as_of``. No deal is changed by it.
    """

    user = models.ForeignKey("kernel.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    quarter = models.CharField(max_length=20)
    assumptions = models.JSONField(default=dict)
    filters = models.TextField(blank=True)
    is_shared = models.BooleanField("shared", default=False)
    as_of = models.DateField("as of")
    figures = models.JSONField(default=dict)
    currency = currency_field()
    created_at = models.DateTimeField("created")
    updated_at = models.DateTimeField("changed")

    class Meta:
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint("user", Lower("name"), name="pipeline_scenario_name"),
        ]

    def __str__(self) -> str:
        return self.name
