"""The only reader of marketing's tables: a slice in, frames of operands out.

Sums come from the daily roll-up. It knows no campaigns: a slice that names some reads the rows
themselves, of which a campaign's index leaves few.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

import pandas as pd
from django.db.models import (
    Case,
    Count,
    DecimalField,
    F,
    Max,
    Min,
    Model,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncWeek

from marketing.models import CampaignMonth, CurrencyMonth, MarketingDay, MarketingRollup, Touchpoint
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.fx import Span
from revops_site.kernel.models import Benchmark
from revops_site.kernel.queries import cut, generation, lasting, shared, to_frame, written
from revops_site.kernel.summing import Sums, summed

COUNTS = ("impressions", "clicks", "leads", "mqls", "sqls", "opportunities", "closed_won")
MONEY = ("spend", "known_spend", "known_revenue")
OPERANDS: Mapping[str, str] = {
    **dict.fromkeys(MONEY, "float64"),
    **dict.fromkeys(COUNTS, "int64"),
    "unrated": "int64",
    "rows": "int64",
}
ROLLUP_DIMENSIONS = {"segment": "segment", "channel": "channel", "region": "geo"}
DIMENSIONS = {**ROLLUP_DIMENSIONS, "campaign": "campaign"}

WEEK_START = "date_trunc('week', date::timestamp)::date"
KNOWN = Q(revenue__isnull=False) | (Q(roi__isnull=False) & ~Q(spend=0))
REVENUE = Case(
    When(revenue__isnull=False, then=F("revenue")),
    default=F("spend") * (Value(1) + F("roi") / Value(100)),
)


@shared
def mix(slice_: Slice) -> pd.DataFrame:
    """Operands per channel, segment and geo: a few hundred rows that all totals are sums of.

    Columns ``channel``, ``segment``, ``geo`` (text), money in the reporting currency, counts.
    """
    return _grouped(slice_, "channel", "segment", "geo")


@shared
def weeks(slice_: Slice) -> pd.DataFrame:
    """Operands per ISO week that has data; ``week_start`` is its Monday (datetime64)."""
    columns = {"week_start": "datetime64[s]", **OPERANDS}
    if not slice_.campaign:
        return _rolled_up({"week_start": WEEK_START}).read(slice_, columns)
    found = rows(slice_).annotate(week_start=TruncWeek("date"))
    sums = found.values("week_start").annotate(**row_sums()).order_by("week_start")
    return to_frame(sums.values_list(*columns), columns)


@shared
def channel_weeks(slice_: Slice) -> pd.DataFrame:
    """Operands per channel and ISO week that has data; ``week_start`` is its Monday."""
    columns = {"channel": "str", "week_start": "datetime64[s]", **OPERANDS}
    if not slice_.campaign:
        by = {"channel": "channel", "week_start": WEEK_START}
        return _rolled_up(by).read(slice_, columns)
    found = rows(slice_).annotate(week_start=TruncWeek("date"))
    by_both = found.values("channel", "week_start").annotate(**row_sums())
    return to_frame(by_both.order_by("channel", "week_start").values_list(*columns), columns)


def rows(slice_: Slice) -> QuerySet[MarketingDay]:
    """The rows behind any number of this slice."""
    return cut(MarketingDay.objects.all(), slice_, when="date", dimensions=DIMENSIONS)


@shared
def money(slice_: Slice) -> tuple[Span, ...]:
    """The currencies of the table, each with the days of the slice that it may have money on."""
    days = slice_.period
    return tuple(
        Span(code, max(first, days.start) if days else first, min(last, slice_.as_of, *end))
        for code, first, last in remembered(f"marketing-money:{generation()}", _currencies)
        for end in [[days.last_day] if days else []]
    )


def _currencies() -> list[tuple[str, date, date]]:
    months = CurrencyMonth.objects.values("currency")
    found = months.annotate(since=Min("first"), until=Max("last")).order_by("currency")
    return list(found.values_list("currency", "since", "until"))


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives a slice's operands, in one row."""
    if not slice_.campaign:
        return _rolled_up({}).written(slice_)
    return written(rows(slice_).values(everything=Value(1)).annotate(**row_sums()).order_by())


@lasting
def benchmarks(metric_type: str) -> pd.DataFrame:
    """The yardsticks of one type, in file order.

    Columns ``category``, ``subcategory`` (text), ``step`` (int), ``target_value``, ``min_value``,
    ``max_value`` (float, NaN where not given).
    """
    texts = dict.fromkeys(("category", "subcategory"), "str")
    numbers = dict.fromkeys(("target_value", "min_value", "max_value"), "float64")
    columns = {**texts, "step": "int64", **numbers}
    found = Benchmark.objects.filter(metric_type=metric_type).order_by("benchmark_id")
    return to_frame(found.values_list(*columns), columns)


def choices(generation: int) -> Mapping[str, list[str]]:
    """What each filter that marketing knows can be set to, as of this generation of the data."""
    return remembered(f"marketing-choices:{generation}", _choices)


@lasting
def first_day() -> date | None:
    """The first day of data, None when there is none."""
    found: date | None = MarketingRollup.objects.aggregate(day=Min("date"))["day"]
    return found


def _choices() -> dict[str, list[str]]:
    tables: dict[str, type[Model]] = dict.fromkeys(ROLLUP_DIMENSIONS, MarketingRollup)
    tables["campaign"] = CampaignMonth
    found = {}
    for name, table in tables.items():
        column = DIMENSIONS[name]
        values = table._default_manager.order_by(column).values_list(column, flat=True).distinct()
        found[name] = [str(value) for value in values if value]
    return found


def _grouped(slice_: Slice, *by: str) -> pd.DataFrame:
    columns = {**dict.fromkeys(by, "str"), **OPERANDS}
    if not slice_.campaign:
        return _rolled_up({name: name for name in by}).read(slice_, columns)
    sums = rows(slice_).values(*by).annotate(**row_sums()).order_by(*by)
    return to_frame(sums.values_list(*columns), columns)


def _rolled_up(by: Mapping[str, str]) -> Sums:
    """The sums of the daily roll-up."""
    return Sums(MarketingRollup, by, summed(OPERANDS), "date", ROLLUP_DIMENSIONS)


def row_sums() -> dict[str, Combinable]:
    """What the roll-up holds, computed from the rows themselves."""
    spend, revenue = F("spend") * F("fx_rate"), REVENUE * F("fx_rate")
    unrated = Q(fx_rate__isnull=True) & (~Q(spend=0) | (Q(revenue__isnull=False) & ~Q(revenue=0)))
    return {
        "known_spend": _money(Sum(spend, filter=KNOWN)),
        "known_revenue": _money(Sum(revenue, filter=KNOWN)),
        "unrated": Count("pk", filter=unrated),
        "rows": Count("pk"),
        **{name: Sum(name) for name in COUNTS},
        "spend": _money(Sum(spend)),  # last: from here on the name means the sum
    }


def _money(total: Sum) -> Combinable:
    return Coalesce(total, Decimal(0), output_field=DecimalField())


TOUCHES = {
    "touched_at": "datetime64[s]",
    **dict.fromkeys(("channel", "campaign", "type", "deal_id", "touch_id"), "str"),
}


def touches_of(deal_ids: Collection[str], most: int) -> pd.DataFrame:
    """The touches that led to some deals, the first first: ``TOUCHES``; UTC."""
    rows = Touchpoint.objects.filter(deal_id__in=deal_ids).exclude(deal_id="")
    ordered = rows.order_by("touched_at", "touch_id").values_list(*TOUCHES)[:most]
    naive = ((at.replace(tzinfo=None), *others) for at, *others in ordered)
    return to_frame(naive, TOUCHES)
