"""What each customer paid before the slice's months, what moved in them, and what it pays after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
from django.core.exceptions import EmptyResultSet
from psycopg.sql import SQL, Literal

from revenue.queries.months import KINDS, months, movements
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared, to_frame
from revops_site.kernel.replica import connection

NAMES = ("customer_id", "account_name", "account_id", "segment", "plan")
MOVED = tuple(f"{kind}_mrr" for kind in KINDS)
MONEY = ("starting_mrr", *MOVED, "fx_impact", "transferred_mrr", "ending_mrr")
COLUMNS = {
    **dict.fromkeys(NAMES, "str"),
    **dict.fromkeys(MONEY, "float64"),
    "customers": "int64",
}
MOST = 1_000  # customers one by one: those whose MRR changed most
OF_KIND = "COALESCE(sum(abs(mrr - starting) * now) FILTER (WHERE kind = '{0}'), 0) AS {0}_mrr"
EACH = ", ".join(
    (
        "COALESCE(sum(starting * before) FILTER (WHERE month = {first}), 0) AS starting_mrr",
        *(OF_KIND.format(kind) for kind in KINDS),
        "COALESCE(sum(starting * (now - before)), 0) AS fx_impact",
        # What filters let in or out, as a customer's segment or plan changed.
        "COALESCE(sum(starting * before) FILTER (WHERE month > {first}), 0)"
        " - COALESCE(sum(mrr * now) FILTER (WHERE month < {last}), 0) AS transferred_mrr",
        "COALESCE(sum(mrr * now) FILTER (WHERE month = {last}), 0) AS ending_mrr",
    )
)
# Who moved is known by an index; who changed most, by the first month and the last.
BALANCES = """
    WITH rated AS MATERIALIZED (
        SELECT pair.month, pair.currency, at_end.rate AS now, COALESCE(at_start.rate, 0) AS before
        FROM (
            SELECT DISTINCT month, currency FROM revenue_revenuemonth
            WHERE month BETWEEN {first} AND {last}
        ) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(
            pair.currency, {own}, LEAST((pair.month + interval '1 month - 1 day')::date, {day})
        ) AS at_end ON true
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, {own}, pair.month - 1) AS at_start ON true
    ), there AS MATERIALIZED (
        SELECT customer_id, bool_or(moves) AS moves, sum(change) AS change FROM (
            SELECT customer_id, true AS moves, 0::float8 AS change FROM ({moving}) AS moved
            UNION ALL
            SELECT customer_id, false, mrr::float8 * now::float8 FROM ({closing}) AS closes
            JOIN rated USING (month, currency) WHERE mrr > 0
            UNION ALL
            SELECT customer_id, false, - starting::float8 * before::float8 FROM ({opening}) AS opens
            JOIN rated USING (month, currency) WHERE starting > 0
        ) AS ends
        GROUP BY customer_id
    ), most AS MATERIALIZED (
        SELECT customer_id FROM there WHERE moves
        ORDER BY abs(change) DESC NULLS LAST, customer_id LIMIT {most}
    ), each AS (
        SELECT customer_id, (array_agg(segment ORDER BY month DESC))[1] AS segment,
            (array_agg(plan ORDER BY month DESC))[1] AS plan, {each}
        FROM most JOIN ({rows}) AS moved USING (customer_id) JOIN rated USING (month, currency)
        WHERE starting > 0 OR mrr > 0
        GROUP BY customer_id
    )
    SELECT customer_id, COALESCE(account_name, ''), COALESCE(account_id, ''),
        each.segment, each.plan, {money}, 1
    FROM each LEFT JOIN revenue_customer AS customer USING (customer_id)
    UNION ALL
    SELECT '', '', '', '', '', {none}, (SELECT count(*) FROM there) - (SELECT count(*) FROM most)
"""


@shared
def balances(slice_: Slice, first: date, last: date) -> pd.DataFrame:
    """A row for each of the ``MOST`` customers whose MRR changed most in these months.

    One without id, the last, is of all others together. Columns ``COLUMNS``: money in the
    reporting currency, what moved at the rate of its month's end; ``customers`` counts those of a
    row. Segment and plan are the last ones.
    """
    try:
        text, params = _query(slice_, first, last)
    except EmptyResultSet:
        return to_frame((), COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        *rows, others = cursor.fetchall()
    if not rows and not others[-1]:
        return to_frame((), COLUMNS)
    found = to_frame(sorted(rows), COLUMNS)
    if not others[-1]:
        return found
    whole = _whole(slice_, first, last)
    left = [whole[name] - found[name].sum() for name in MONEY]
    return to_frame([*sorted(rows), (*others[: len(NAMES)], *left, others[-1])], COLUMNS)


def _whole(slice_: Slice, first: date, last: date) -> dict[str, float]:
    """What all customers' balances add up to, from the sums of the months."""
    of = months(slice_, first, last, "month")
    opens, closes = (of["month"] == pd.Timestamp(day) for day in (first, last))
    starting, ending = of.loc[opens, "started"].sum(), of.loc[closes, "mrr"].sum()
    return {
        **{f"{kind}_mrr": float(of[kind].sum()) for kind in KINDS},
        "starting_mrr": float(starting),
        "ending_mrr": float(ending),
        "fx_impact": float(of["fx_impact"].sum()),
        "transferred_mrr": float(of["started"].sum() - starting - of["mrr"].sum() + ending),
    }


def _query(slice_: Slice, first: date, last: date) -> tuple[str, list[Any]]:
    """The SQL and its values, which stand in the order of its rows."""
    sets = {
        "moving": movements(slice_, first, last).exclude(kind=""),
        "closing": movements(slice_, last, last),
        "opening": movements(slice_, first, first),
        "rows": movements(slice_, first, last),
    }
    asked = {name: rows.query.sql_with_params() for name, rows in sets.items()}
    ends = {"first": f"DATE '{first}'", "last": f"DATE '{last}'"}
    text = SQL(BALANCES).format(
        **{name: SQL(sql) for name, (sql, _) in asked.items()},
        **{name: SQL(sql) for name, sql in ends.items()},
        each=SQL(EACH.format(**ends)),
        money=SQL(", ".join(f"each.{name}" for name in MONEY)),
        none=SQL(", ".join("0" for _ in MONEY)),
        own=Literal(slice_.currency),
        day=Literal(slice_.as_of),
        most=Literal(MOST),
    )
    return text.as_string(), [value for _, params in asked.values() for value in params]
