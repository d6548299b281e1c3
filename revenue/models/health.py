"""How likely each customer is to stay, as it was known at each month's end."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revenue.models.customers import Customer


class CustomerHealth(models.Model):
    """A paying customer's health at a month's end, of the running month on the last day.

    ``score`` is what its factors' points come to of those that are known, from 0 to 100; a factor
    that is not known is null, and so is the score where too little is. The signs (``shrank`` …) are
    what was seen by then, null where nobody could see; ``left_in`` is the month, of the next three,
    in which it left. ``renewing_mrr`` is the part of ``mrr`` that renews on ``renews_on``; of what
    renews in the next month, ``renewed`` is whether the customer still paid a month after that.
    """

    customer_id = models.CharField("customer", max_length=120)
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
    mrr = models.DecimalField("MRR", max_digits=30, decimal_places=12)
    score = models.PositiveSmallIntegerField(null=True)
    band = models.CharField(max_length=8, blank=True)
    why = models.TextField(blank=True)
    trend = models.PositiveSmallIntegerField(null=True)
    payment = models.PositiveSmallIntegerField(null=True)
    contact = models.PositiveSmallIntegerField(null=True)
    seats = models.PositiveSmallIntegerField(null=True)
    term = models.PositiveSmallIntegerField(null=True)
    shrank = models.BooleanField(null=True)
    fewer_seats = models.BooleanField(null=True)
    silent = models.BooleanField(null=True)
    overdue = models.BooleanField(null=True)
    no_term = models.BooleanField(null=True)
    first_year = models.BooleanField(null=True)
    returned = models.BooleanField(null=True)
    last_contact = models.DateField(null=True)
    renews_on = models.DateField(null=True)
    renewing_mrr = models.DecimalField(max_digits=30, decimal_places=12, null=True)
    left_in = models.DateField(null=True)
    renewed = models.BooleanField(null=True)

    pk = models.CompositePrimaryKey("customer_id", "month")

    class Meta:
        verbose_name = "customer's health"
        verbose_name_plural = "health of customers"
        indexes: ClassVar = [
            models.Index(fields=["month", "score"], name="revenue_health_month"),
            models.Index(fields=["month", "renews_on"], name="revenue_health_renews"),
            models.Index(
                fields=["month"], condition=Q(renewed__isnull=False), name="revenue_health_renewed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m} {self.score}"


class HealthCount(models.Model):
    """How many customers were in a band, or had a sign or not, at a month's end; who of them left.

    ``what`` is "band" or the sign, ``value`` the band's name (empty where it is not known), "true"
    or "false". ``left`` counts those that left within the next three months.
    """

    month = models.DateField()
    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=20)
    value = models.CharField(max_length=8, blank=True)
    customers = models.PositiveIntegerField()
    left = models.PositiveIntegerField()

    pk = models.CompositePrimaryKey("month", "what", "value", "segment", "plan", "region")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.what} {self.value}: {self.customers}"


class HealthRun(models.Model):
    """The newest reckoning of all customers' health: of which loads, and when."""

    loads = models.CharField(max_length=60)
    met = models.JSONField(default=dict)  # what tells the contacts of each month apart
    as_of = models.DateField("as of")
    made_at = models.DateTimeField("made")
    rows = models.BigIntegerField()

    def __str__(self) -> str:
        return f"Health of customers as of {self.as_of}"
