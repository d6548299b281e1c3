"""Every figure of the whole company, as each page shows it without a filter."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.db.models import QuerySet

from insights.models import Kpi
from revops_site.kernel import freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Filters, Slice, narrow
from revops_site.kernel.metrics import Measured, measure
from revops_site.kernel.models import Workspace
from revops_site.kernel.panels import Page
from revops_site.kernel.periods import Period
from revops_site.kernel.permissions import EVERYBODY
from revops_site.kernel.queries import sharing

KEPT = (
    *("day", "metric_slug", "field", "value", "operands", "currency"),
    *("period_start", "period_end"),
)
Books: TypeAlias = Iterable[tuple[Page, Sequence[Ledger]]]


@dataclass(frozen=True)
class Taken:
    """A figure as of ``day``, over the days of ``period``, None for all up to it."""

    day: date
    period: Period | None
    currency: str
    slug: str
    field: str
    value: float | None
    operands: Mapping[str, float | None]


def taken(books: Books, at: Workspace) -> Iterator[Taken]:
    """The metrics of all ledgers whose page has data, each as of the last day of these."""
    for page, ledgers in books:
        last_day = freshness.of(page.datasets, at).last_day
        if last_day is None:
            continue
        slice_ = narrow(
            Filters(),
            EVERYBODY,
            last_day,
            first_month=at.fiscal_year_start_month,
            currency=at.reporting_currency,
            default_period=page.default_period,
        )
        with sharing():
            for ledger in ledgers:
                totals = ledger.totals(slice_)
                for metric in ledger.metrics:
                    yield _figure(measure(metric, totals), slice_)


def daily(first: date | None, last: date | None, slugs: Sequence[str]) -> QuerySet[Any, Any]:
    """What was kept of these days, both inside, and of these figures, or all: newest first."""
    rows: QuerySet[Any, Any] = Kpi.objects.order_by("-day", "metric_slug")
    rows = rows.filter(day__gte=first) if first else rows
    rows = rows.filter(day__lte=last) if last else rows
    rows = rows.filter(metric_slug__in=slugs) if slugs else rows
    return rows.values(*KEPT)


def _figure(measured: Measured, slice_: Slice) -> Taken:
    return Taken(
        day=slice_.as_of,
        period=slice_.period,
        currency=slice_.currency,
        slug=measured.metric.slug,
        field=measured.metric.field,
        value=measured.value,
        operands={
            name: None if math.isnan(value) else value for name, value in measured.operands.items()
        },
    )
