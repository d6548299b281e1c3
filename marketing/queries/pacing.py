"""What was spent beside what was meant to be spent.

Budgets are of channels and campaigns: a slice's segments and regions cannot narrow them, so that
spend that stands beside them is of all of these, too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
from django.db.models import DecimalField, QuerySet
from django.db.models.expressions import RawSQL

from marketing import queries
from marketing.models import MarketingBudget
from revops_site.kernel.filters import Slice
from revops_site.kernel.filters.slices import EARLIEST
from revops_site.kernel.periods import Period, plus
from revops_site.kernel.queries import cut, shared
from revops_site.kernel.summing import Sums

DIMENSIONS = {"channel": "channel", "campaign": "campaign"}
AFTER = "(month + interval '1 month')::date"
SHARE = (
    f"greatest(0, least({AFTER}, %s::date) - greatest(month, %s::date))::numeric "
    f"/ ({AFTER} - month)"
)
BUDGETS = {
    "channel": "str",
    "budget": "float64",
    "whole": "float64",
    "months": "int64",
    "unrated": "int64",
}


def whole(slice_: Slice) -> Slice:
    """The slice without what budgets do not know."""
    return replace(slice_, segment=(), region=())


@shared
def spent(slice_: Slice, period: Period) -> pd.DataFrame:
    """The operands of ``queries.mix`` for these days, all segments and regions together."""
    return queries.mix(replace(whole(slice_), period=period))


@shared
def budgets(slice_: Slice, period: Period) -> pd.DataFrame:
    """What may be spent in the months of ``period``, per channel.

    Columns channel, budget (of each month by the share of its days that are over on the slice's
    day), whole (all of it; money in the reporting currency), months (how many of them have a
    budget), unrated (rows without an exchange rate, which are in no sum).
    """
    elapsed = Period(period.start, min(period.end, plus(slice_.as_of, 1)))
    sums = _sums({"channel": "channel"}, elapsed, period)
    return sums.read(replace(slice_, period=None), BUDGETS)


def totals(slice_: Slice) -> dict[str, float]:
    """The budget of a slice's days, and how many rows it is of."""
    days = _days(slice_)
    columns = {name: kind for name, kind in BUDGETS.items() if name != "channel"}
    found = _sums({}, days, days).read(replace(slice_, period=None), columns)
    return {"budget": float(found["budget"].sum(min_count=1)), "rows": float(rows(slice_).count())}


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the budget of a slice's days, in one row."""
    days = _days(slice_)
    return _sums({}, days, days).written(replace(slice_, period=None))


def rows(slice_: Slice) -> QuerySet[MarketingBudget]:
    """The budgets of the months of a slice's days; ``share`` is what part of each counts."""
    days = _days(slice_)
    found = cut(MarketingBudget.objects.all(), slice_, when=None, dimensions=DIMENSIONS)
    found = found.filter(month__gte=days.start.replace(day=1), month__lt=days.end)
    share = RawSQL(SHARE, (days.end, days.start), output_field=DecimalField())  # noqa: S611
    return found.annotate(share=share)


@shared
def known_months() -> tuple[date, date] | None:
    """The first and the last month that anything has a budget of."""
    months = MarketingBudget.objects.order_by("month").values_list("month", flat=True)
    first = months.first()
    return (first, months.last() or first) if first else None


def _sums(by: dict[str, str], elapsed: Period, period: Period) -> Sums:
    """The sums of the months of ``period``, of which the ``elapsed`` days are over."""
    first, end = period.start.replace(day=1), period.end
    return Sums(
        MarketingBudget,
        by,
        {
            "budget": "sum(amount * fx_rate * share)::float8",
            "whole": "COALESCE(sum(amount * fx_rate), 0)::float8",
            "months": "count(DISTINCT month)",
            "unrated": "count(*) FILTER (WHERE fx_rate IS NULL)",
        },
        None,
        DIMENSIONS,
        derived=f"{SHARE} AS share",
        where=f"month >= date '{first}' AND month < date '{end}'",
        values=(elapsed.end, elapsed.start),
    )


def _days(slice_: Slice) -> Period:
    """The days of the slice up to its day."""
    end = plus(slice_.as_of, 1)
    if slice_.period is None:
        return Period(EARLIEST, end)
    return Period(slice_.period.start, min(slice_.period.end, end))
