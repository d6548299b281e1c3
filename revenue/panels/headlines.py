"""The headline figures of a month's end, beside those of the compared period's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd

from revenue import analytics, metrics, queries
from revenue.panels.known import KNOWN, label, unknown
from revops_site.kernel import periods
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, change
from revops_site.kernel.panels import TILE_COLUMNS, Panel, Tile, tile_frame
from revops_site.kernel.periods import Period

OF_MONTH = (metrics.MRR, metrics.ARR, metrics.NRR, metrics.GRR)
HEADLINES = (*OF_MONTH, metrics.CHURN_RATE, metrics.ARPA)
SPARK_MONTHS = 13
HAS = ("customers", "year_ago_customers")


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The headline figures; none where the slice has no customer, or the ledger no such month.

    Churn is that of the last month that has ended: in a running one more will leave.
    """
    at = queries.month(slice_)
    if at is None or not queries.totals(slice_)[list(HAS)].to_numpy().any():
        return []
    now, before = measured(slice_), _before(slice_)
    sparks = _sparks(slice_, at)
    ended = queries.complete(slice_)
    narrows: Mapping[str, Any] = _of_month(ended, slice_) if ended else {}
    notes = {metrics.CHURN_RATE: f"In {label(ended)}." if ended else ""}
    return [
        Tile(
            metric=metric,
            now=now[metric.field],
            before=before.get(metric.field),
            change=change(metric, now[metric.field].value, before.get(metric.field)),
            weeks=sparks.get(metric.field, ()),
            note=notes.get(metric, _partial(slice_, at) if metric is metrics.MRR else ""),
            narrows=narrows if metric is metrics.CHURN_RATE else {},
        )
        for metric in HEADLINES
    ]


def measured(slice_: Slice) -> Mapping[str, Measured]:
    """The metrics of the slice's month, and churn of the last one that has ended, by field."""
    found = analytics.kpis(queries.totals(slice_), (*OF_MONTH, metrics.CUSTOMERS, metrics.ARPA))
    return {**found, metrics.CHURN_RATE.field: churn(slice_)}


def churn(slice_: Slice) -> Measured:
    """The monthly churn rate of the last month that has ended, with its operands."""
    ended = queries.complete(slice_)
    month = replace(slice_, period=periods.month(ended)) if ended else slice_
    return analytics.kpis(queries.sums(month))[metrics.CHURN_RATE.field]


def _before(slice_: Slice) -> Mapping[str, float | None]:
    previous = slice_.previous()
    if previous is None or queries.month(previous) in {None, queries.month(slice_)}:
        return {}
    found = {name: one.value for name, one in measured(previous).items()}
    if not queries.knows_history(previous):
        found = {**found, metrics.NRR.field: None, metrics.GRR.field: None}
    return found


def _sparks(slice_: Slice, at: date) -> Mapping[str, list[float | None]]:
    months = at.year * 12 + at.month - SPARK_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    found = queries.months(slice_, first, at, "month")
    whole: Sequence[Metric] = (*OF_MONTH, metrics.ARPA)
    return analytics.sparklines(found, whole) | analytics.sparklines(
        found[found["month"] <= pd.Timestamp(queries.complete(slice_) or at)],
        (metrics.CHURN_RATE,),
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
