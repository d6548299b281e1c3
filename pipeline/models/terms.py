"""What a pipeline's lists go by: from when a deal is late, and when an order is paid."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models

MOST_DAYS = 3650


def _days(label: str, default: int, help_text: str) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(
        label, default=default, help_text=help_text, validators=[MaxValueValidator(MOST_DAYS)]
    )


class PipelineTerms(models.Model):
    """The limits and payment terms of one pipeline; a pipeline without a row has the defaults.

    Days are whole calendar days, each limit inclusive; stages stand one to a line.
    """

    pipeline = models.OneToOneField(
        "pipeline.Pipeline",
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    overdue_days = _days("overdue from", 7, "Days without an update in the CRM.")
    stuck_days = _days("stuck from", 30, "Days in the same stage.")
    inactive_days = _days("inactive from", 60, "Days without an activity.")
    order_days = _days("orders wait from", 30, "Days in a stage of received orders.")
    payment_terms_days = _days("payment terms", 45, "Days from the invoice to its payment.")
    late_days = _days(
        "late stages", 10, "A stage with at most so many days to the invoice is a late one."
    )
    order_stages = models.TextField(
        default="Order Received", help_text="Stages in which a received order waits, one a line."
    )
    production_stages = models.TextField(
        default="Production\nUnder Progress",
        help_text="Stages in which the work is being done, one a line.",
    )

    class Meta:
        ordering: ClassVar = ["pipeline"]
        verbose_name = "terms of a pipeline"
        verbose_name_plural = "terms of pipelines"

    def __str__(self) -> str:
        return str(self.pipeline_id)
