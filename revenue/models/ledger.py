"""What customers pay: their MRR at each month's end, and the subscriptions that make it up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from revops_site.kernel.models import Loaded, currency_field


class CustomerMonth(Loaded):
    """A customer's MRR at the end of a month; ``month`` is its first day.

    ``key`` is the hash of customer and month. ``origin`` tells what is known it from: a file of
    MRR outranks the subscriptions, and these outrank the list of customers.
    """

    class Origin(models.TextChoices):
        FILE = "file", "MRR file"
        SUBSCRIPTIONS = "subscriptions", "Subscriptions"
        CUSTOMERS = "customers", "List of customers"

    key = models.UUIDField(primary_key=True, editable=False)
    customer_id = models.CharField("customer", max_length=120)
    month = models.DateField()
    currency = currency_field()
    mrr = models.DecimalField("MRR", max_digits=18, decimal_places=2)
    segment = models.CharField(max_length=40, blank=True)
    plan = models.CharField(max_length=80, blank=True)
    origin = models.CharField(
        max_length=13, choices=Origin, default=Origin.FILE, db_default=Origin.FILE, editable=False
    )

    class Meta:
        verbose_name = "customer month"
        ordering: ClassVar = ["-month", "customer_id"]
        indexes: ClassVar = [models.Index(fields=["month"], name="revenue_month_month")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.month:%Y-%m}"


class Subscription(Loaded):
    """An item that a customer subscribes to: its price, how often it is due, what is taken off.

    ``ended_on`` is the first day that it no longer counts; a discount is live from
    ``discount_start`` until the day before ``discount_end``. It is renewed on ``renews_on``; one
    that is due each year and names no such day, each year on the day that it started.
    """

    class Interval(models.TextChoices):
        DAY = "day", "Day"
        WEEK = "week", "Week"
        MONTH = "month", "Month"
        QUARTER = "quarter", "Quarter"
        YEAR = "year", "Year"
        ONE_TIME = "one_time", "One time"

    class Usage(models.TextChoices):
        LICENSED = "licensed", "Licensed"
        METERED = "metered", "Metered"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAST_DUE = "past_due", "Past due"
        TRIALING = "trialing", "Trialing"
        PAUSED = "paused", "Paused"
        UNPAID = "unpaid", "Unpaid"
        CANCELED = "canceled", "Canceled"

    class Discount(models.TextChoices):
        ONCE = "once", "Once"
        REPEATING = "repeating", "Repeating"
        FOREVER = "forever", "Forever"

    item_id = models.CharField(max_length=120, primary_key=True)
    customer_id = models.CharField("customer", max_length=120)
    plan = models.CharField(max_length=80, blank=True)
    unit_amount = models.DecimalField(max_digits=18, decimal_places=4)
    quantity = models.DecimalField(max_digits=18, decimal_places=4, default=1)
    interval = models.CharField(max_length=8, choices=Interval)
    interval_count = models.PositiveSmallIntegerField(default=1)
    usage_type = models.CharField("usage", max_length=8, choices=Usage, default=Usage.LICENSED)
    status = models.CharField(max_length=8, choices=Status)
    currency = currency_field()
    start_date = models.DateField("started")
    trial_end = models.DateField(null=True, blank=True)
    ended_on = models.DateField("ended", null=True, blank=True)
    renews_on = models.DateField("renews", null=True, blank=True)
    percent_off = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    amount_off = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    discount_duration = models.CharField(max_length=9, choices=Discount, blank=True)
    discount_start = models.DateField(null=True, blank=True)
    discount_end = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["customer_id", "item_id"]

    def __str__(self) -> str:
        return f"{self.item_id} of {self.customer_id}"
