"""How many of the customers of a year ago pay now."""

from __future__ import annotations

from math import nan

import pandas as pd
from django.db.models import Count, Q, QuerySet, Value

from revenue.models import Movement
from revenue.queries.known import knows_history, month
from revenue.queries.months import movements
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import to_frame, written

COLUMNS = {"year_ago_customers": "int64", "year_ago_still": "int64"}


def still(slice_: Slice) -> pd.DataFrame:
    """``year_ago_customers`` and, of them, ``year_ago_still``, in one row; NaN where unknown."""
    if not knows_history(slice_):
        return pd.DataFrame([dict.fromkeys(COLUMNS, nan)])
    found = _then(slice_).aggregate(**_counts())
    return to_frame([[found[name] for name in COLUMNS]], COLUMNS)


def still_sql(slice_: Slice) -> str:
    """The SQL that gives them; "" where they are not known."""
    if not knows_history(slice_):
        return ""
    rows = _then(slice_).values(everything=Value(1)).annotate(**_counts())
    return written(rows.order_by())


def _then(slice_: Slice) -> QuerySet[Movement]:
    at = month(slice_)
    rows = movements(slice_, at, at) if at else Movement.objects.none()
    return rows.filter(year_ago__gt=0)


def _counts() -> dict[str, Count]:
    return {
        "year_ago_customers": Count("customer_id"),
        "year_ago_still": Count("customer_id", filter=Q(mrr__gt=0)),
    }
