"""What each customer paid before the slice's months, what moved in them, and what it pays after."""

from __future__ import annotations

from datetime import date

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection

from revenue.queries.months import KINDS, movements
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared, to_frame

NAMES = ("customer_id", "account_name", "account_id", "segment", "plan")
MOVED = tuple(f"{kind}_mrr" for kind in KINDS)
MONEY = ("starting_mrr", *MOVED, "fx_impact", "ending_mrr")
COLUMNS = {
    **dict.fromkeys(NAMES, "str"),
    **dict.fromkeys(MONEY, "float64"),
    "customers": "int64",
}
OF_KIND = "COALESCE(sum(abs(mrr - starting) * now) FILTER (WHERE kind = '{0}'), 0) AS {0}_mrr"
EACH = ", ".join(
    (
        "COALESCE(sum(starting * before) FILTER (WHERE month = %s), 0) AS starting_mrr",
        *(OF_KIND.format(kind) for kind in KINDS),
        "COALESCE(sum(starting * (now - before)), 0) AS fx_impact",
        "COALESCE(sum(mrr * now) FILTER (WHERE month = %s), 0) AS ending_mrr",
    )
)
# Whom nothing moved but rates are summed into one row.
BALANCES = f"""
    WITH moved AS MATERIALIZED ({{rows}}), rated AS (
        SELECT pair.month, pair.currency, at_end.rate AS now, COALESCE(at_start.rate, 0) AS before
        FROM (SELECT DISTINCT month, currency FROM moved) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(
            pair.currency, %s, LEAST((pair.month + interval '1 month - 1 day')::date, %s)
        ) AS at_end ON true
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, pair.month - 1) AS at_start ON true
    ), each AS (
        SELECT customer_id, (array_agg(segment ORDER BY month DESC))[1] AS segment,
            (array_agg(plan ORDER BY month DESC))[1] AS plan, {EACH},
            bool_or(kind <> '') AS has_moved
        FROM moved JOIN rated USING (month, currency)
        WHERE starting > 0 OR mrr > 0
        GROUP BY customer_id
    )
    SELECT customer_id, COALESCE(account_name, ''), COALESCE(account_id, ''),
        each.segment, each.plan, {", ".join(f"each.{name}" for name in MONEY)}, 1
    FROM each LEFT JOIN revenue_customer AS customer USING (customer_id)
    WHERE has_moved
    UNION ALL
    SELECT '', '', '', '', '', {", ".join(f"sum({name})" for name in MONEY)}, count(*)
    FROM each
    WHERE NOT has_moved
    HAVING count(*) > 0
"""  # noqa: S608


@shared
def balances(slice_: Slice, first: date, last: date) -> pd.DataFrame:
    """A row for each customer that moved in these months, one without id for all others.

    Columns ``COLUMNS``: money in the reporting currency, what moved at the rate of its month's end;
    ``customers`` counts those of a row. Segment and plan are the last ones.
    """
    try:
        rows, params = movements(slice_, first, last).query.sql_with_params()
    except EmptyResultSet:
        return to_frame((), COLUMNS)
    own = slice_.currency
    with connection.cursor() as cursor:
        text = BALANCES.replace("{rows}", rows)
        cursor.execute(text, [*params, own, slice_.as_of, own, first, last])
        return to_frame(cursor.fetchall(), COLUMNS)
