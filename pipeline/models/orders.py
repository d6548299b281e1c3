"""What customers ordered, and whether the papers that compliance asks for are there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import Loaded, currency_field


def _unknown_or(label: str) -> models.BooleanField[bool | None, bool | None]:
    """Yes, no, or null where nobody knows."""
    return models.BooleanField(label, null=True, blank=True)


class Order(Loaded):
    """An order of a deal, from the day it was received to the day it was paid.

    The survey checklist is due once materials are purchased, quality documents once the MDD is
    signed; null means unknown, never no. ``evidence`` quotes what a reading rests on.
    """

    order_id = models.CharField(max_length=120, primary_key=True)
    deal_id = models.CharField("deal", max_length=120)
    received_on = models.DateField("received")
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    currency = currency_field()
    end_user = models.CharField(max_length=200, blank=True)
    end_user_identified = _unknown_or("end user identified")
    end_user_requests_count = models.PositiveIntegerField(
        "requests to the end user", null=True, blank=True
    )
    materials_purchased = _unknown_or("materials purchased")
    survey_checklist_present = _unknown_or("survey checklist present")
    mdd_signed = _unknown_or("MDD signed")
    quality_docs_present = _unknown_or("quality documents present")
    evidence = models.TextField(blank=True)
    invoiced_on = models.DateField("invoiced", null=True, blank=True)
    paid_on = models.DateField("paid", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-received_on", "order_id"]
        indexes: ClassVar = [models.Index(fields=["received_on"], name="pipeline_order_received")]

    def __str__(self) -> str:
        return f"{self.order_id} of {self.deal_id}"
