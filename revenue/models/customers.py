"""The customers, as they stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel.models import Loaded, currency_field


class Customer(Loaded):
    """Somebody who pays, or paid, every month.

    ``last_mrr`` is the last MRR above 0 that was known: files give 0 for those who left.
    """

    customer_id = models.CharField(max_length=120, primary_key=True)
    account = models.ForeignKey(
        "kernel.Account",
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    account_name = models.CharField(max_length=200)
    owner = models.ForeignKey(
        "kernel.Rep", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    deal_id = models.CharField("deal that won it", max_length=120, blank=True)
    region = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    currency = currency_field()
    start_date = models.DateField()
    mrr = models.DecimalField("MRR", max_digits=18, decimal_places=2)
    last_mrr = models.DecimalField(
        "last known MRR", max_digits=18, decimal_places=2, default=0, db_default=0, editable=False
    )
    new_mrr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    expansion_mrr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    contraction_mrr = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    churned_flag = models.BooleanField("churned", default=False)
    churn_date = models.DateField(null=True, blank=True)
    churn_reason = models.CharField(max_length=200, blank=True)
    renewal_date = models.DateField("renews", null=True, blank=True)
    notice_date = models.DateField("notice", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["customer_id"]
        indexes: ClassVar = [
            models.Index(fields=["start_date"], name="revenue_customer_start"),
            models.Index(fields=["account"], name="revenue_customer_account"),
            models.Index(
                fields=["churn_date"],
                condition=Q(churn_date__isnull=False),
                name="revenue_customer_churned",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(churned_flag=False, churn_date__isnull=True) | Q(churned_flag=True),
                name="revenue_customer_churn_date",
            ),
        ]

    def __str__(self) -> str:
        return self.account_name
