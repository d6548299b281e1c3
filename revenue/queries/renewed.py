"""What became of the terms that ended: who still paid a month after the day of renewal."""

from __future__ import annotations

from math import nan

import pandas as pd
from django.db.models import (
    Count,
    ExpressionWrapper,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from revenue.metrics.health import GRACE_MONTHS
from revenue.models import CustomerHealth
from revenue.queries import health
from revenue.queries.customers import rate_on
from revenue.queries.known import complete, month
from revops_site.kernel.cubes import Cube
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.queries import shared, to_frame, written

MONTHS_BACK = 12
FIRST = "date_trunc('month', %(expressions)s::timestamp)::date"
SUMS = {"due": "int64", "renewed": "int64", "mrr_due": "float64", "mrr_renewed": "float64"}

KEYS = {"renews_in": "datetime64[s]", "segment": "str"}


def due(slice_: Slice) -> QuerySet[CustomerHealth]:
    """Past renewals of which is known what came: each as it was at the month's end before.

    Of the twelve months of renewal before the slice's last one that is over. Each with ``rate`` and
    ``value`` (what was to renew), ``renews_in`` (the month), and ``stayed``.
    """
    last = complete(slice_)
    rows = health.history(slice_).annotate(
        renews_in=Func(F("renews_on"), template=FIRST, output_field=health.DAY),
        **health.listed_facts(),
    )
    if last is None or month(slice_) is None:
        return _valued(rows.none(), slice_)
    newest = health.months_before(last, GRACE_MONTHS)
    oldest = health.months_before(newest, MONTHS_BACK - 1)
    # Each as it was when the month of its renewal began.
    first, end = health.months_before(oldest, 1), newest
    return _valued(rows.filter(renewed__isnull=False, month__gte=first, month__lt=end), slice_)


def _valued(rows: QuerySet[CustomerHealth], slice_: Slice) -> QuerySet[CustomerHealth]:
    rows = rows.annotate(rate=rate_on(slice_, F("renews_on")), stayed=F("renewed"))
    return rows.annotate(value=ExpressionWrapper(F("renewing_mrr") * F("rate"), MONEY))


def by_segment(slice_: Slice) -> pd.DataFrame:
    """Per segment: ``SUMS``."""
    return _read(slice_).by("segment")


def by_month(slice_: Slice) -> pd.DataFrame:
    """Per month of renewal (``renews_in``): ``SUMS``."""
    return _read(slice_).by("renews_in")


def totals(slice_: Slice) -> pd.DataFrame:
    """``SUMS`` in one row; NaN where nothing was due."""
    found = _read(slice_).total()
    if not found["due"]:
        return pd.DataFrame([dict.fromkeys(SUMS, nan)])
    return to_frame([[found[name] for name in SUMS]], SUMS)


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives them."""
    return written(due(slice_).order_by().values(everything=Value(1)).annotate(**_sums()))


@shared
def _read(slice_: Slice) -> Cube:
    """The sums by segment and month, of one reading that the panels share."""
    rows = due(slice_).order_by(*KEYS).values(*KEYS).annotate(**_sums())
    return Cube.of(list(rows.values_list(*KEYS, *SUMS)), KEYS, SUMS)


def _sums() -> dict[str, Count | Coalesce]:
    kept = Q(stayed=True)
    zero = Value(0, output_field=MONEY)
    return {
        "due": Count("customer_id"),
        "renewed": Count("customer_id", filter=kept),
        "mrr_due": Coalesce(Sum("value"), zero),
        "mrr_renewed": Coalesce(Sum("value", filter=kept), zero),
    }
