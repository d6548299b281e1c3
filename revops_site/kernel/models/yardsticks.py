"""What measures are held against: benchmarks, rates between currencies, days without work."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from revops_site.kernel.models.loads import Loaded
from revops_site.kernel.models.workspace import currency_field


class Benchmark(Loaded):
    """A target or range that a measure is held against, per category and subcategory.

    ``step`` numbers the rows that share metric type, category and subcategory, in file order:
    the stage conversions of the canonical file are told apart by nothing else.
    """

    benchmark_id = models.CharField(max_length=60, primary_key=True)
    metric_type = models.CharField(max_length=60)
    category = models.CharField(max_length=120)
    subcategory = models.CharField(max_length=120, blank=True)
    step = models.PositiveSmallIntegerField(default=1)
    target_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    min_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    max_value = models.DecimalField(max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField(max_length=30, blank=True)
    description = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["metric_type", "benchmark_id"]
        indexes: ClassVar = [models.Index(fields=["metric_type"], name="kernel_benchmark_type")]

    def __str__(self) -> str:
        return f"{self.metric_type}: {self.category} {self.subcategory}".strip()


class FxRate(Loaded):
    """What one unit of ``from_currency`` cost in ``to_currency`` on a day."""

    date = models.DateField()
    from_currency = currency_field()
    to_currency = currency_field()
    rate = models.DecimalField(max_digits=30, decimal_places=18)

    class Meta:
        verbose_name = "exchange rate"
        ordering: ClassVar = ["-date", "from_currency", "to_currency"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_currency", "to_currency", "date"], name="kernel_fxrate_key"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="kernel_fxrate_positive"),
        ]

    def __str__(self) -> str:
        return f"1 {self.from_currency} = {self.rate} {self.to_currency} on {self.date}"


class Holiday(Loaded):
    """A day without work, in a region or (``region`` empty) everywhere."""

    date = models.DateField()
    region = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["-date", "region"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["date", "region"], name="kernel_holiday_key"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()
