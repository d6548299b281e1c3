"""What the figures of reps were said to mean, day by day."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class CoachingInsight(models.Model):
    """What was said of a rep on a day of the data, as the rep may read it.

    ``content`` has the texts as they are shown; ``digest`` tells the sentences and the model that
    was to word them from any others.
    """

    rep = models.ForeignKey("kernel.Rep", models.CASCADE, related_name="+")
    day = models.DateField()
    generated_at = models.DateTimeField()
    model_version = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    content = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering: ClassVar = ["rep", "-day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rep", "day"], name="coaching_insight_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.rep_id}, {self.day}"


class InsightRequest(models.Model):
    """That somebody asked for a rep's insights to be written anew, until they are."""

    rep = models.OneToOneField("kernel.Rep", models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["rep"]

    def __str__(self) -> str:
        return self.rep_id
