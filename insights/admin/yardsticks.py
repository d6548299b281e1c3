"""The support desk of yardsticks and calendars: benchmarks, exchange rates, holidays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from insights.datasets import BENCHMARKS, FX_RATES, HOLIDAYS
from revops_site.kernel import rerating
from revops_site.kernel.desk import Rows, desk
from revops_site.kernel.models import Benchmark, FxRate, Holiday

LATER = (
    "There is much money to be rated anew: that is done in the background, in a few minutes. Until "
    "then all pages stay as they are."
)


@admin.register(Benchmark, site=desk)
class BenchmarkAdmin(Rows):
    """What measures are held against."""

    dataset = BENCHMARKS
    list_display = (
        *("benchmark_id", "metric_type", "category", "subcategory", "step"),
        *("target_value", "min_value", "max_value", "unit"),
    )
    list_filter = ("metric_type",)
    search_fields = ("benchmark_id", "category", "subcategory", "description")


def _rerate() -> None:
    rerating.soon()


@admin.register(FxRate, site=desk)
class FxRateAdmin(Rows):
    """What one currency was worth in another: nobody waits here for all money to be rated anew."""

    dataset = replace(FX_RATES, after=_rerate)
    list_display = ("date", "from_currency", "to_currency", "rate")
    list_filter = ("from_currency", "to_currency")
    search_fields = ("from_currency", "to_currency")
    date_hierarchy = "date"

    def keep(self, request: HttpRequest, obj: Any, form: Any) -> None:
        """Load the rate, and say so where its effect takes a while."""
        super().keep(request, obj, form)
        self._say_when(request)

    def take_out(self, request: HttpRequest, found: Sequence[Any]) -> None:
        """Take rates away, and say so where that takes a while to show."""
        super().take_out(request, found)
        self._say_when(request)

    def _say_when(self, request: HttpRequest) -> None:
        if rerating.takes_long():
            self.message_user(request, LATER, messages.WARNING)


@admin.register(Holiday, site=desk)
class HolidayAdmin(Rows):
    """A day without work."""

    dataset = HOLIDAYS
    list_display = ("date", "region", "name")
    list_filter = ("region",)
    search_fields = ("name", "region")
    date_hierarchy = "date"
