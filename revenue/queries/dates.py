"""Who left in a month, by the dates of the list of customers: for where no MRR tells it."""

from __future__ import annotations

from math import nan

import pandas as pd
from django.db.models import Count, Q, QuerySet, Value

from revenue.models import Customer
from revenue.queries import customers
from revenue.queries.known import last_whole
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared, to_frame, written

COLUMNS = {"present_customers": "int64", "gone_customers": "int64"}


@shared
def by_dates(slice_: Slice) -> pd.DataFrame:
    """``present_customers`` at the start of the slice's last whole month and, of them,
    ``gone_customers``, who left in it, in one row; NaN where the data have no such month.
    """
    if last_whole(slice_) is None:
        return pd.DataFrame([dict.fromkeys(COLUMNS, nan)])
    found = customers.present(slice_).aggregate(**_counts())
    return to_frame([[found[name] for name in COLUMNS]], COLUMNS)


def by_dates_sql(slice_: Slice) -> str:
    """The SQL that gives them; "" where the data have no such month."""
    if last_whole(slice_) is None:
        return ""
    rows: QuerySet[Customer] = customers.present(slice_)
    return written(rows.values(everything=Value(1)).annotate(**_counts()).order_by())


def _counts() -> dict[str, Count]:
    return {
        "present_customers": Count("customer_id"),
        "gone_customers": Count("customer_id", filter=Q(leaves=True)),
    }
