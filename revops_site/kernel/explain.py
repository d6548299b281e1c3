"""What lies behind a number: its definition, its operands, the SQL that ran, the rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from revops_site.kernel.filters import Filters, Slice
from revops_site.kernel.freshness import remembered
from revops_site.kernel.metrics import Measured, Metric, Operands, measure
from revops_site.kernel.panels import Shown
from revops_site.kernel.periods import Period


@dataclass(frozen=True)
class Interval:
    """Where a value lies with 95 % certainty, in its own unit, and how many it rests on."""

    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Ledger:
    """Metrics over one kind of rows, together with the one place that their operands come from.

    ``totals`` gives the operands of a slice by name, or as a frame of one row; ``sql`` the query
    that yields them; ``rows`` the rows they are sums of: called ``title``, shown in ``columns``,
    in the total ``order`` of these fields, and loaded from ``datasets``.
    ``dimensions`` are the filters that
    the rows know, limits among them; ``dated`` False is for what is so on the day, whatever the
    period; ``note`` may say what else there is to know of a slice. ``operands`` say how those are
    called and printed that are no metric themselves; ``interval`` how sure a value is;
    ``counts`` names the column of ``totals`` that says how many rows there are, "" for none;
    ``noun`` is what the rows are called where they are counted, else the title.
    """

    slug: str
    title: str
    metrics: tuple[Metric, ...]
    totals: Callable[[Slice], Operands | pd.DataFrame]
    sql: Callable[[Slice], str]
    rows: Callable[[Slice], QuerySet[Any]]
    columns: tuple[Shown, ...]
    order: tuple[str, ...]
    datasets: tuple[str, ...]
    dimensions: Collection[str]
    note: Callable[[Slice], Sequence[str]] | None = None
    operands: tuple[Shown, ...] = ()
    interval: Callable[[Measured], Interval | None] | None = None
    dated: bool = True
    counts: str = ""
    noun: str = ""

    def operand(self, name: str) -> Metric | Shown:
        """What an operand is: a metric of its own, or as declared, or a bare number."""
        own = (metric for metric in self.metrics if metric.formula == name)
        declared = (shown for shown in self.operands if shown.name == name)
        bare = Shown(name, name.replace("_", " ").capitalize(), "decimal")
        return next(declared, None) or next(own, bare)


@dataclass(frozen=True)
class Explanation:
    """One number of one slice, with all that it rests on."""

    measured: Measured
    slice_: Slice
    sql: str
    rows: QuerySet[Any]


def explain(
    ledger: Ledger, metric: Metric, slice_: Slice, generation: int | None = None
) -> Explanation:
    """The value of a metric for a slice, with operands, SQL and rows.

    With a ``generation`` the operands come from the cache where the data have not changed since.
    """
    return Explanation(
        measured=measured(ledger, metric, slice_, generation),
        slice_=slice_,
        sql=_sql(ledger, slice_),
        rows=ledger.rows(slice_),
    )


def _sql(ledger: Ledger, slice_: Slice) -> str:
    """The query that gives the operands; "" where none runs, as no row could match."""
    try:
        return ledger.sql(slice_)
    except EmptyResultSet:
        return ""


def measured(
    ledger: Ledger, metric: Metric, slice_: Slice, generation: int | None = None
) -> Measured:
    """The value of a metric for a slice with its operands."""
    if generation is None:
        return measure(metric, ledger.totals(slice_))
    key = f"explain:{ledger.slug}:{slice_.cache_key}:{generation}"
    return measure(metric, remembered(key, lambda: ledger.totals(slice_)))


def state(asked: Filters, changes: Mapping[str, Any] | None) -> str | None:
    """The query of a part of what was asked, to be explained; None where no filter can say it."""
    if changes is None or any("" in value for value in changes.values() if _is_list(value)):
        return None
    return asked.to_query(**changes)


def address(metric: Metric, query: str) -> str:
    """Where a metric is explained for the filters of ``query``."""
    return f"/explain/{metric.slug}/?{query}" if query else f"/explain/{metric.slug}/"


def why(metric: Metric, query: str, against: Period | None = None) -> str:
    """Where it is told why a metric changed, for the filters of ``query``.

    ``against`` are the days that it is held against, None for those that the filters say.
    """
    days = ""
    if against is not None:
        days = f"against_start={against.start}&against_end={against.last_day}"
    said = "&".join(filter(None, (query, days)))
    return f"/why/{metric.slug}/?{said}" if said else f"/why/{metric.slug}/"


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple | list)
