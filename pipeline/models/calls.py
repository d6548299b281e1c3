"""What reps and managers said that a quarter would bring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel.models import Loaded, currency_field


class ForecastCall(Loaded):
    """What a rep, or a team's manager, said of a quarter: kept as it was said, never changed.

    ``key`` is the hash of whom it is of, the quarter and ``submitted_at``. ``quarter`` is a label
    such as Q4 2024, so that it lies where the fiscal calendar has it; ``day`` the business day that
    the data had come to. All amounts are in ``currency``; ``forecast_amount`` is what the product
    expected then.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    rep = models.ForeignKey(
        "kernel.Rep", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    team = models.ForeignKey(
        "kernel.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    quarter = models.CharField(max_length=20)
    day = models.DateField()
    submitted_at = models.DateTimeField("submitted")
    submitted_by = models.CharField(max_length=200, blank=True)
    commit_amount = models.DecimalField("commit", max_digits=18, decimal_places=2)
    best_case_amount = models.DecimalField(
        "best case", max_digits=18, decimal_places=2, null=True, blank=True
    )
    forecast_amount = models.DecimalField(
        "forecast then", max_digits=18, decimal_places=2, null=True, blank=True
    )
    currency = currency_field()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering: ClassVar = ["-submitted_at", "key"]
        verbose_name = "forecast call"
        indexes: ClassVar = [models.Index(fields=["quarter", "day"], name="pipeline_call_quarter")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(rep__isnull=True) ^ Q(team__isnull=True), name="pipeline_call_of_one"
            ),
            models.CheckConstraint(
                condition=Q(commit_amount__gte=0), name="pipeline_call_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rep or self.team} {self.quarter}: {self.commit_amount}"
