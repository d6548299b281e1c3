"""The headline figures of a month's end, beside those of the compared period's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import isnan
from typing import Any

import pandas as pd

from revenue import analytics, metrics, queries
from revenue.panels.known import KNOWN, label, unknown
from revenue.panels.switched import BY_LAST_DAY, WITH_RETURNS
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, change
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame
from revops_site.kernel.periods import Period

OF_MONTH = (metrics.MRR, metrics.ARR, metrics.NRR, metrics.GRR)
CHURN = metrics.CHURN_RATE
HEADLINES = (*OF_MONTH, CHURN, metrics.ARPA)
SPARK_MONTHS = 13
HAS = ("customers", "year_ago_customers")
NEEDS, NOBODY = "Needs MRR history.", "Of these, nobody paid back then."


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The headline figures; none where the slice has no customer, or the ledger no such month.

    Churn is that of the last month that has ended: in a running one more will leave.
    """
    at = queries.month(slice_)
    if at is None or not any(queries.totals(slice_)[name] > 0 for name in HAS):
        return []
    now, before = measured(slice_), _before(slice_)
    sparks = _sparks(slice_, at)
    ended = queries.complete(slice_)
    narrows: Mapping[str, Any] = _of_month(ended, slice_) if ended else {}
    notes = _notes(slice_, at, ended)
    by_dates = now.get(metrics.CHURN_BY_DATES.field)
    instead = metrics.CHURN_BY_DATES if by_dates and by_dates.value is not None else CHURN
    return [
        Tile(
            metric=metric,
            now=now[metric.field],
            before=before.get(metric.field),
            change=change(metric, now[metric.field].value, before.get(metric.field)),
            weeks=sparks.get(metric.field, ()),
            note=_why(now[metric.field]) or notes.get(metric, ""),
            narrows=narrows if metric in {CHURN, metrics.CHURN_BY_DATES} else {},
            unit="months",
        )
        for metric in (instead if one is CHURN else one for one in HEADLINES)
    ]


def measured(slice_: Slice) -> Mapping[str, Measured]:
    """The metrics of the slice's month, and churn of the last one that has ended, by field.

    Where it is not known who paid at the start of that one, churn by dates is there besides.
    """
    found = analytics.kpis(queries.totals(slice_), (*OF_MONTH, metrics.CUSTOMERS, metrics.ARPA))
    left = churn(slice_)
    if _is_known(left):
        return {**found, CHURN.field: left}
    by_dates = analytics.kpis(queries.by_dates(slice_), (metrics.CHURN_BY_DATES,))
    return {**found, CHURN.field: left, **by_dates}


def churn(slice_: Slice) -> Measured:
    """The monthly churn rate of the last month that has ended, with its operands."""
    ended = queries.complete(slice_)
    month = replace(slice_, period=periods.month(ended)) if ended else slice_
    return analytics.kpis(queries.sums(month))[CHURN.field]


def _is_known(one: Measured) -> bool:
    """Whether it can be told at all, be it that there is nothing to divide by."""
    return not any(isnan(operand) for operand in one.operands.values())


def _why(one: Measured) -> str:
    """Why a figure is none."""
    if one.value is not None:
        return ""
    return NOBODY if _is_known(one) else NEEDS


def _notes(slice_: Slice, at: date, ended: date | None) -> Mapping[Metric, str]:
    """What one has to know of figures that are known."""
    return {
        metrics.MRR: _partial(slice_, at),
        metrics.NRR: f"{WITH_RETURNS}.",
        metrics.GRR: f"{WITH_RETURNS}.",
        metrics.CHURN_BY_DATES: f"In {label(ended)}, without MRR history." if ended else "",
        **({CHURN: f"In {label(ended)}, {BY_LAST_DAY}."} if ended else {}),
    }


def _before(slice_: Slice) -> Mapping[str, float | None]:
    previous = slice_.previous()
    if previous is None or queries.month(previous) in {None, queries.month(slice_)}:
        return {}
    return {name: one.value for name, one in measured(previous).items()}


def _sparks(slice_: Slice, at: date) -> Mapping[str, list[float | None]]:
    months = at.year * 12 + at.month - SPARK_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    found = queries.months(slice_, first, at, "month")
    whole: Sequence[Metric] = (*OF_MONTH, metrics.ARPA)
    return analytics.sparklines(found, whole) | analytics.sparklines(
        found[found["month"] <= pd.Timestamp(queries.complete(slice_) or at)],
        (CHURN,),
    )


def _of_month(month: date, slice_: Slice) -> Mapping[str, Any]:
    found: Period = periods.month(month)
    return {"period": "custom", "start": found.start, "end": min(found.last_day, slice_.as_of)}


def _partial(slice_: Slice, at: date) -> str:
    if periods.month(at).last_day > slice_.as_of:
        return f"{label(at)}, so far."
    return f"At the end of {label(at)}."


HEADLINE = Panel(
    slug="revenue-kpis",
    title="Headline figures",
    question="What do customers pay every month, and does it last?",
    frame=lambda slice_: tile_frame(headlines(slice_)),
    tiles=headlines,
    columns=TILE_COLUMNS,
    dimensions=KNOWN,
    note=unknown,
    width="col-12",
)
