"""How deals passed through their stages, visit by visit, by local days."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class StageStay(models.Model):
    """A deal's ``nth`` visit to a stage, and the stay that it is a part of.

    A stay is all visits of a deal to a stage. ``stay_days`` are the days of all of them up to this
    one's end, where the stay was over then: until before the deal ``returned_on`` some day, if it
    did. ``passed_on`` is when the deal first entered a later stage. Owner, segment and the like are
    those that the deal has now; deleted deals and those that never were one have no row.
    ``stage_pipeline`` is the visit's own, else the deal's, empty where neither is known.
    """

    deal_id = models.CharField("deal", max_length=120)
    nth = models.IntegerField()
    owner_id = models.CharField("owner", max_length=120, null=True)
    pipeline_id = models.CharField("pipeline", max_length=60, null=True)
    segment = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=80, blank=True)
    source_channel = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=4)
    closed_at = models.DateField("closed", null=True)
    stage_pipeline = models.CharField("pipeline of the stage", max_length=60, blank=True)
    stage_name = models.CharField("stage", max_length=120)
    next_stage = models.CharField(max_length=120, blank=True)
    entered_on = models.DateField("entered")
    left_on = models.DateField("left", null=True)
    is_first = models.BooleanField("the stay's first visit")
    is_only = models.BooleanField("the stay's only visit")
    stay_days = models.IntegerField(null=True)
    returned_on = models.DateField("returned", null=True)
    passed_on = models.DateField("passed", null=True)

    pk = models.CompositePrimaryKey("deal_id", "nth")

    class Meta:
        verbose_name = "stay of a deal"
        verbose_name_plural = "stays of deals"
        indexes: ClassVar = [
            models.Index(fields=["left_on"], name="pipeline_stay_left"),
            models.Index(
                fields=["entered_on"], condition=Q(is_first=True), name="pipeline_stay_began"
            ),
            models.Index(
                fields=["entered_on"], condition=Q(is_only=False), name="pipeline_stay_several"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} in {self.stage_name}"
