"""Which definition is in force where there are two, and what the other one would say."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from revenue import analytics, metrics, queries
from revenue.panels.known import unknown
from revops_site.kernel import formats
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, Operands

RETURNERS = "Customers that came back count in NRR and GRR; behind a number stand both definitions."
LAST_DAY = "Customers leave on their last day; behind a churn rate stand both definitions."
WITH_RETURNS, BY_LAST_DAY = "Returners counted", "by last day"


def returns(slice_: Slice) -> Sequence[str]:
    """NRR and GRR with those who came back, as the pages count, and without them."""
    operands = queries.totals(slice_)
    pairs = ((metrics.NRR, metrics.NRR_STRICT), (metrics.GRR, metrics.GRR_STRICT))
    told = [
        f"{one.label} is {_said(counted, one)}, and {_said(strict, other)} without them."
        for one, other in pairs
        if (counted := _of(operands, one)) and (strict := _of(operands, other))
    ]
    if not told:
        return unknown(slice_)
    said = "In force: who left within the twelve months and came back counts what they pay now."
    return [*unknown(slice_), " ".join([said, *told])]


def notice(slice_: Slice) -> Sequence[str]:
    """Churn by the last day, as the pages count, and by the notice."""
    by_day = _of(queries.by_dates(slice_), metrics.CHURN_BY_DATES)
    by_notice = _of(queries.by_notice(slice_), metrics.CHURN_BY_NOTICE)
    if by_day is None or by_notice is None:
        return unknown(slice_)
    return [
        *unknown(slice_),
        "In force: who leaves counts on the last day. By the dates of the list of customers the "
        f"last whole month's churn is {_said(by_day, metrics.CHURN_BY_DATES)} so, and "
        f"{_said(by_notice, metrics.CHURN_BY_NOTICE)} by the day of the notice.",
    ]


def _of(operands: Operands | pd.DataFrame, metric: Metric) -> Measured | None:
    found = analytics.kpis(operands, (metric,)).get(metric.field)
    return found if found is not None and found.value is not None else None


def _said(one: Measured, metric: Metric) -> str:
    return formats.show(one.value, metric.exact)
