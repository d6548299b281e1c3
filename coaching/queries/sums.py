"""What reps won, lost and were to win: by rep, and by month or period."""

from __future__ import annotations

from datetime import date

import pandas as pd
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Sum, Value
from django.db.models.functions import Coalesce

from coaching.queries.people import company, may_tell, of_all
from pipeline import queries as pipeline
from pipeline.queries import forecast, quotas
from pipeline.queries.won import Median
from revops_site.kernel.filters import Slice
from revops_site.kernel.freshness import generation, remembered
from revops_site.kernel.fx import MONEY
from revops_site.kernel.periods import Period, fiscal_quarter, plus
from revops_site.kernel.queries import Columns, lasting, shared, to_frame

MONTHS: Columns = {
    "owner_id": "str",
    "month": "datetime64[s]",
    **dict.fromkeys(("won", "lost"), "int64"),
    "won_amount": "float64",
    **dict.fromkeys(("won_missing", "won_unrated", "cycle_days"), "int64"),
}
QUOTAS: Columns = {
    "rep_id": "str",
    **dict.fromkeys(("period_start", "period_end"), "datetime64[s]"),
    "value": "float64",
}
COVER: Columns = {"owner_id": "str", "open_deals": "int64", "pipeline_total": "float64"}


@shared
def months(slice_: Slice, ids: tuple[str, ...], days: Period) -> pd.DataFrame:
    """What each of these reps won and lost in each month, as was known on the slice's day.

    Columns ``MONTHS``, money in the reporting currency; of all that they sell, whatever the
    filters: quotas know none.
    """
    if not ids:
        return to_frame((), MONTHS)
    return _months(of_all(slice_, ids, days))


@lasting
def _months(slice_: Slice) -> pd.DataFrame:
    return pipeline.flows(slice_, "owner_id", "month")[[*MONTHS]]


@shared
def planned(slice_: Slice, ids: tuple[str, ...], days: Period) -> pd.DataFrame:
    """The quotas of these reps that the days touch: ``QUOTAS``, in the reporting currency."""
    if not ids:
        return to_frame((), QUOTAS)
    rows = quotas.quotas(of_all(slice_, ids, days)).order_by("rep_id", "period_start")
    return to_frame(rows.values_list(*QUOTAS), QUOTAS)


@shared
def decided(slice_: Slice, ids: tuple[str, ...]) -> pd.DataFrame:
    """What each of these reps won and lost in the slice's period, by segment, as filtered."""
    names = [name for name in MONTHS if name not in {"owner_id", "month"}]
    columns: Columns = {"owner_id": "str", "segment": "str", **{n: MONTHS[n] for n in names}}
    if not ids:
        return to_frame((), columns)
    return pipeline.flows(of_all(slice_, ids), "owner_id", "segment")[[*columns]]


@shared
def cover(slice_: Slice, ids: tuple[str, ...]) -> pd.DataFrame:
    """The open deals of each rep that are expected in the running quarter: ``COVER``."""
    if not ids:
        return to_frame((), COVER)
    day = slice_.as_of
    wide = of_all(slice_, ids, fiscal_quarter(day, slice_.first_month)).at(day)
    rows = forecast.quarter_pipeline(wide).order_by().values("owner_id")
    sums = rows.annotate(
        deals=Count("created_at"),
        amount=Coalesce(Sum("value"), Value(0, MONEY), output_field=MONEY),
    )
    return to_frame(sums.order_by("owner_id").values_list("owner_id", "deals", "amount"), COVER)


@shared
def expected(slice_: Slice) -> float:
    """What the slice's open deals of the running quarter are worth together."""
    found = forecast.quarter_pipeline(slice_).order_by().aggregate(amount=Sum("value"))
    return float(found["amount"] or 0)


@shared
def whole_quarter(slice_: Slice, ids: tuple[str, ...]) -> dict[str, float]:
    """The quotas of these reps for the whole of the running quarter."""
    if not ids:
        return {}
    day = slice_.as_of
    wide = of_all(slice_, ids, fiscal_quarter(day, slice_.first_month)).at(day)
    return quotas.of_quarter_by_rep(wide)


@shared
def median_won(slice_: Slice) -> float | None:
    """What half of the deals that the company won in four quarters were worth at most.

    Of those whom the reader may see, where beside them just one won anything.
    """
    everybody = company(slice_)
    days = last_quarters(slice_.as_of, slice_.first_month, 4)
    found, winners = _median_won(slice_, everybody.ids, days)
    if not may_tell(winners, everybody):
        found, _ = _median_won(slice_, tuple(sorted(winners & everybody.seen)), days)
    return found


def _median_won(
    slice_: Slice, ids: tuple[str, ...], days: Period
) -> tuple[float | None, frozenset[str]]:
    """The median of what these reps won, and which of them won anything."""
    if not ids:
        return None, frozenset()
    wide = of_all(slice_, ids, days)
    key = f"median-won:{generation()}:{wide.cache_key}"
    return remembered(key, lambda: _median(wide))


def _median(slice_: Slice) -> tuple[float | None, frozenset[str]]:
    rows = pipeline.deals.won(slice_).exclude(value=None).order_by()
    found = rows.aggregate(
        median=Median("value"),
        winners=ArrayAgg("owner_id", distinct=True, default=Value([])),
    )
    median = None if found["median"] is None else float(found["median"])
    return median, frozenset(found["winners"])


def last_quarters(day: date, first_month: int, many: int) -> Period:
    """The running quarter up to the day, and those before it: so many together."""
    start = fiscal_quarter(day, first_month).start
    for _ in range(many - 1):
        start = fiscal_quarter(plus(start, -1), first_month).start
    return Period(start, plus(day, 1))
