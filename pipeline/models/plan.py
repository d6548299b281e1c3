"""What deals are planned by: pipelines, their stages, and the quotas of reps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from revops_site.kernel.models import Loaded, currency_field


class Pipeline(Loaded):
    """A way of selling, with stages of its own."""

    pipeline_id = models.CharField(max_length=60, primary_key=True)
    pipeline_name = models.CharField("name", max_length=120)
    pipeline_order = models.PositiveSmallIntegerField("order", default=1)

    class Meta:
        ordering: ClassVar = ["pipeline_order", "pipeline_id"]

    def __str__(self) -> str:
        return self.pipeline_name


class Stage(Loaded):
    """A step of a pipeline: how likely a deal in it is won, and how long it should stay.

    ``expected_days`` is the benchmark, ``rotten_days`` the limit after which a deal is stuck,
    ``days_to_invoice`` what usually lies between entering it and the invoice. An execution stage
    comes after the customer's order.
    """

    stage_id = models.CharField(max_length=60, primary_key=True)
    pipeline = models.ForeignKey(
        Pipeline,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    stage_name = models.CharField("name", max_length=120)
    stage_order = models.PositiveSmallIntegerField("order")
    probability = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    expected_days = models.PositiveIntegerField(null=True, blank=True)
    rotten_days = models.PositiveIntegerField(null=True, blank=True)
    days_to_invoice = models.PositiveIntegerField(null=True, blank=True)
    is_execution = models.BooleanField("execution", default=False)
    is_closed = models.BooleanField("closed", default=False)

    class Meta:
        ordering: ClassVar = ["pipeline", "stage_order", "stage_id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__range=(0, 1)),
                name="pipeline_stage_probability",
            ),
        ]

    def __str__(self) -> str:
        return self.stage_name


class Quota(Loaded):
    """What a rep is to win in ``[period_start, period_end)``: a fiscal quarter or a part of one.

    ``key`` is the hash of rep and period_start. Periods of one rep do not overlap: a file or an
    edit that would make them is refused, also where both begin on the same day.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    rep = models.ForeignKey("kernel.Rep", on_delete=models.PROTECT, related_name="+")
    manager_name = models.CharField("manager", max_length=200, blank=True)
    quarter = models.CharField(max_length=20)
    period_start = models.DateField(editable=False)
    period_end = models.DateField(editable=False)
    quota_amount = models.DecimalField("quota", max_digits=18, decimal_places=2)
    currency = currency_field()

    class Meta:
        ordering: ClassVar = ["-period_start", "rep"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rep", "period_start"], name="pipeline_quota_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=F("period_start")), name="pipeline_quota_period"
            ),
            models.CheckConstraint(
                condition=Q(quota_amount__gte=0), name="pipeline_quota_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep_id} {self.quarter}"
