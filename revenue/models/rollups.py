"""Revenue's sums, recomputed by each load and edit for what it touched."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models

from revenue.models.customers import Customer


def _money(label: str | None = None) -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(label, max_digits=30, decimal_places=12)


class Movement(models.Model):
    """What a customer's MRR did in a month, in its own currency.

    ``starting`` was paid at the end of the month before, ``mrr`` at the end of this one,
    ``year_ago`` twelve months before. Segment and plan are those that the customer had then, where
    the ledger tells them, else those that it has; of one that left, the last ones known. There is
    a row where any of the three amounts is above 0; ``kind`` is empty where nothing changed. A
    customer that changes its currency leaves in the one and comes back in the other. ``cohort`` is
    the first month that it ever paid for; ``returned`` says that it pays now and a year before,
    and did not in some month between. Region and ``owner_id`` are those that the list tells.
    """

    class Kind(models.TextChoices):
        NEW = "new", "New"
        EXPANSION = "expansion", "Expansion"
        CONTRACTION = "contraction", "Contraction"
        CHURN = "churn", "Churn"
        REACTIVATION = "reactivation", "Reactivation"

    customer_id = models.CharField("customer", max_length=120)
    # A way to join, and no column: a ledger may know customers that no list does.
    listed = models.ForeignObject(
        Customer,
        on_delete=models.DO_NOTHING,
        from_fields=["customer_id"],
        to_fields=["customer_id"],
        null=True,
        editable=False,
        related_name="+",
    )
    month = models.DateField()
    currency = models.CharField(max_length=3)
    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    owner_id = models.CharField("owner", max_length=120, blank=True)
    mrr = _money("MRR")
    starting = _money()
    year_ago = _money()
    kind = models.CharField(max_length=12, choices=Kind, blank=True)
    cohort = models.DateField()
    returned = models.BooleanField()

    pk = models.CompositePrimaryKey("customer_id", "month", "currency")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["month", "kind"],
                condition=~models.Q(kind=""),
                name="revenue_movement_kind",
            ),
            models.Index("month", models.F("mrr").desc(), name="revenue_movement_month"),
            models.Index(fields=["cohort", "month"], name="revenue_movement_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m} {self.kind}"


class MonthlySums(models.Model):
    """What is summed of a month's movements, in one currency.

    starting + new + expansion + reactivation − contraction − churn = mrr, in each row. Each amount
    has the number of its customers beside it. ``year_ago`` is what was paid twelve months before;
    ``year_ago_now`` what the same customers pay now, ``year_ago_kept`` the same without what they
    pay more; ``year_ago_returned`` and ``year_ago_returned_kept`` are the parts of these two of
    customers that had left in between; ``year_ago_left`` was paid by those who pay nothing now,
    ``year_ago_still`` counts those who do. ``rows`` counts the movements that are summed.
    """

    month = models.DateField()
    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3)
    customers = models.BigIntegerField()
    mrr = _money("MRR")
    starting_customers = models.BigIntegerField()
    starting = _money()
    new_customers = models.BigIntegerField()
    new = _money()
    expansion_customers = models.BigIntegerField()
    expansion = _money()
    contraction_customers = models.BigIntegerField()
    contraction = _money()
    churn_customers = models.BigIntegerField()
    churn = _money()
    reactivation_customers = models.BigIntegerField()
    reactivation = _money()
    year_ago_customers = models.BigIntegerField()
    year_ago = _money()
    year_ago_now = _money()
    year_ago_kept = _money()
    year_ago_returned = _money()
    year_ago_returned_kept = _money()
    year_ago_left = _money()
    year_ago_still = models.BigIntegerField()
    rows = models.BigIntegerField()

    class Meta:
        abstract = True


class RevenueMonth(MonthlySums):
    """A month's MRR and what moved it, by segment, plan, region and currency, in that currency."""

    pk = models.CompositePrimaryKey("month", "segment", "plan", "region", "currency")

    class Meta:
        verbose_name = "revenue month"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.segment} {self.plan} {self.region} {self.currency}"


class OwnerMonth(MonthlySums):
    """The same by the owners of the customers too, "" where nobody owns one."""

    owner_id = models.CharField("owner", max_length=120, blank=True)

    pk = models.CompositePrimaryKey("month", "owner_id", "segment", "plan", "region", "currency")

    class Meta:
        verbose_name = "owner month"

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.owner_id} {self.segment} {self.plan} {self.region}"


class CohortMonth(models.Model):
    """What is left in a month of the customers that first paid in another, ``cohort``.

    By the segment, plan and region that they had at first, so that nobody changes groups, and by
    the currency that they pay in that month. ``kept`` is ``mrr`` without what anybody pays more
    than at first; of one that changed its currency nothing is kept.
    """

    cohort = models.DateField()
    month = models.DateField()
    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    currency = models.CharField(max_length=3)
    customers = models.BigIntegerField()
    mrr = _money("MRR")
    kept = _money()

    pk = models.CompositePrimaryKey("cohort", "month", "segment", "plan", "region", "currency")

    class Meta:
        verbose_name = "cohort month"

    def __str__(self) -> str:
        return f"{self.cohort:%Y-%m} in {self.month:%Y-%m} {self.segment} {self.plan}"
