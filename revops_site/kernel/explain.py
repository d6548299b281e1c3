"""What lies behind a number: its definition, its operands, the SQL that ran, the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.models import QuerySet

from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Measured, Metric, measure
from revops_site.kernel.panels import Shown


@dataclass(frozen=True)
class Ledger:
    """Metrics over one kind of rows, together with the one place that their operands come from.

    ``totals`` gives the operands of a slice as a frame of one row, ``sql`` the query that yields
    them, ``rows`` the rows they are sums of: called ``title``, shown in ``columns`` and in the
    total ``order`` of these fields, loaded from ``datasets``. ``dimensions`` are the filters that
    the rows know; ``note`` may say what else there is to know of a slice.
    """

    slug: str
    title: str
    metrics: tuple[Metric, ...]
    totals: Callable[[Slice], pd.DataFrame]
    sql: Callable[[Slice], str]
    rows: Callable[[Slice], QuerySet[Any]]
    columns: tuple[Shown, ...]
    order: tuple[str, ...]
    datasets: tuple[str, ...]
    dimensions: Collection[str]
    note: Callable[[Slice], Sequence[str]] | None = None


@dataclass(frozen=True)
class Explanation:
    """One number of one slice, with all that it rests on."""

    measured: Measured
    slice_: Slice
    sql: str
    rows: QuerySet[Any]


def explain(ledger: Ledger, metric: Metric, slice_: Slice) -> Explanation:
    """The value of a metric for a slice, with operands, SQL and rows."""
    return Explanation(
        measured=measure(metric, ledger.totals(slice_)),
        slice_=slice_,
        sql=ledger.sql(slice_),
        rows=ledger.rows(slice_),
    )
