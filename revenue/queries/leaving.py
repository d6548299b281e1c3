"""Who left, month by month, and why."""

from __future__ import annotations

import pandas as pd
from django.db.models import Count, F, Func, Sum

from revenue.queries import customers
from revenue.queries.health import DAY
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared, to_frame

LEFT = {
    "month": "datetime64[s]",
    "segment": "str",
    "reason": "str",
    "count": "int64",
    "mrr_lost": "float64",
}
FIRST = "date_trunc('month', %(expressions)s::timestamp)::date"


@shared
def by_month(slice_: Slice) -> pd.DataFrame:
    """Per month of the period, segment and reason: ``LEFT``.

    ``mrr_lost`` in the reporting currency at the rate of the day, NaN where it is of nobody known.
    """
    rows = customers.lost(slice_).order_by()
    rows = rows.annotate(left_in=Func(F("churn_date"), template=FIRST, output_field=DAY))
    found = rows.values("left_in", "segment", "reason").annotate(
        n=Count("customer_id"), lost=Sum("value")
    )
    ordered = found.order_by("left_in", "segment", "reason")
    return to_frame(ordered.values_list("left_in", "segment", "reason", "n", "lost"), LEFT)
