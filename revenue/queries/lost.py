"""Who left, why, and what they paid before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from psycopg.sql import SQL

from revenue.queries import customers
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import sums
from revops_site.kernel.queries import filled, shared, to_frame
from revops_site.kernel.replica import connection

OPERANDS = {
    "lost_customers": "int64",
    "mrr_lost": "float64",
    "lost_unrated": "int64",
    "lost_unpriced": "int64",
}
# A currency's rate of a day is looked up once, however many left on it.
SUM_UP = """
    WITH gone AS MATERIALIZED ({gone}), rated AS MATERIALIZED (
        SELECT pair.currency, pair.churn_date, found.rate
        FROM (SELECT DISTINCT currency, churn_date FROM gone) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, pair.churn_date) AS found ON true
    )
    SELECT {keys} count(*) AS lost_customers,
        CASE WHEN count(*) FILTER (WHERE last_mrr <> 0) > 0 OR count(*) = 0
            THEN COALESCE(sum(last_mrr * rate), 0) END AS mrr_lost,
        count(*) FILTER (WHERE rate IS NULL AND last_mrr <> 0) AS lost_unrated,
        count(*) FILTER (WHERE last_mrr = 0) AS lost_unpriced
    FROM gone JOIN rated USING (currency, churn_date)
"""


@shared
def lost(slice_: Slice) -> pd.DataFrame:
    """Per segment and reason of those who left in the period; nobody has no row.

    Columns ``segment``, ``churn_reason`` (text, empty where unknown), ``OPERANDS``: how many, what
    they paid in the reporting currency (NaN where that is not known of anybody), how many of them
    have no rate, and of how many it is not known what they paid.
    """
    text, params = _query(slice_, ("segment", "churn_reason"))
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        found = cursor.fetchall()
    return to_frame(found, {"segment": "str", "churn_reason": "str", **OPERANDS})


def lost_totals(slice_: Slice) -> dict[str, float]:
    """The operands by name."""
    found = lost(slice_)
    whole = sums(found, OPERANDS)
    if len(found) and found["mrr_lost"].isna().all():
        whole["mrr_lost"] = float("nan")
    return whole


def lost_sql(slice_: Slice) -> str:
    """The SQL that gives them."""
    text, params = _query(slice_, ())
    return filled(text, params)


def _query(slice_: Slice, by: Sequence[str]) -> tuple[str, list[Any]]:
    names = ("segment", "churn_reason", "currency", "churn_date", "last_mrr")
    gone, params = customers.gone(slice_).values(*names).query.sql_with_params()
    keys = ", ".join(by)
    text = SQL(SUM_UP + (f"GROUP BY {keys} ORDER BY {keys}" if by else "")).format(
        gone=SQL(gone), keys=SQL(f"{keys}," if by else "")
    )
    return text.as_string(), [*params, slice_.currency]
