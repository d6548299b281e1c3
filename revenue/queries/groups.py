"""Operands by group: what a change of revenue's numbers is taken apart by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
from django.db import connection
from django.db.models import F, QuerySet
from psycopg.sql import SQL

from revenue.queries import customers
from revenue.queries.known import month, window
from revenue.queries.months import CONVERT, OPERANDS, SUMS, months, movements
from revenue.rollups import sums as movement_sums
from revops_site.kernel.filters import Slice
from revops_site.kernel.parted import folded, of_rows
from revops_site.kernel.periods import month as around
from revops_site.kernel.queries import shared, to_frame

BY = {"segment": "segment", "plan": "plan", "region": "region", "owner": "owner"}
MONTH = {"mrr": "COALESCE(sum(value), 0)", "customers": "count(*)"}
COHORT = {
    "year_ago": "COALESCE(sum(year_ago_value), 0)",
    "year_ago_now": "COALESCE(sum(value), 0)",
    "year_ago_kept": "COALESCE(sum(LEAST(value, year_ago_value)), 0)",
    "year_ago_left": "COALESCE(sum(year_ago_value) FILTER (WHERE mrr = 0), 0)",
    "year_ago_less": (
        "COALESCE(sum(year_ago_value - value) FILTER (WHERE mrr > 0 AND mrr < year_ago), 0)"
    ),
    "year_ago_more": "COALESCE(sum(value - year_ago_value) FILTER (WHERE mrr > year_ago), 0)",
    "year_ago_customers": "count(*)",
    "year_ago_still": "count(*) FILTER (WHERE mrr > 0)",
}
DATED = {"present_customers": "count(*)", "gone_customers": "count(*) FILTER (WHERE leaves)"}
LOST = {
    "lost_customers": "count(*)",
    "mrr_lost": "COALESCE(sum(value), 0)",
    "lost_unrated": "count(*) FILTER (WHERE rate IS NULL AND last_mrr <> 0)",
}
ENDS = ("starting", "ending")
MOVED = {**OPERANDS, **dict.fromkeys(ENDS, "float64")}
BY_OWNER = """
    SELECT month, COALESCE(owner, '') AS owner, currency, {sums}
    FROM ({rows}) AS movement GROUP BY 1, 2, 3
"""
BRIDGE = {
    "mrr": {
        "new": 1,
        "expansion": 1,
        "reactivation": 1,
        "contraction": -1,
        "churn": -1,
        "fx_impact": 1,
    },
    "customers": {"new_customers": 1, "reactivation_customers": 1, "churn_customers": -1},
}


def of_month(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What is paid at the slice's month, and by how many, by dimension: ``MONTH``."""
    rows: QuerySet[Any, Any] = customers.paying(slice_)
    own = ("segment", "plan", "region", "value")
    return of_rows(rows.values(*own, owner=F("listed__owner_id")), BY, MONTH)


def of_cohort(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What those pay now who paid a year before, by dimension: ``COHORT``.

    ``year_ago_left`` was paid by those who pay nothing any more; ``year_ago_less`` is what others
    pay less than then, ``year_ago_more`` what others pay more.
    """
    columns = ("segment", "plan", "region", "mrr", "year_ago", "value", "year_ago_value")
    rows: QuerySet[Any, Any] = customers.of_a_year_ago(slice_)
    return of_rows(rows.values(*columns, owner=F("listed__owner_id")), BY, COHORT)


def by_dates(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Who was a customer at the start of the last whole month and who left in it: ``DATED``."""
    rows: QuerySet[Any, Any] = customers.present(slice_)
    own = rows.values("segment", "plan", "region", "owner_id", "leaves")
    return of_rows(own, {**BY, "owner": "owner_id"}, DATED)


def lost(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """Who left in the period, and what they paid: ``LOST``; by the reason too."""
    columns = ("segment", "plan", "region", "owner_id", "churn_reason", "value", "rate", "last_mrr")
    keys = {**BY, "owner": "owner_id", "reason": "churn_reason"}
    rows: QuerySet[Any, Any] = customers.lost(slice_)
    return of_rows(rows.values(*columns), keys, LOST)


def moved(slice_: Slice) -> Mapping[str, pd.DataFrame]:
    """What the slice's months began with and what moved in them, by dimension: ``MOVED``."""
    found = window(slice_)
    if found is None:
        return {}
    cube = _with_ends(months(slice_, *found, "month", "segment", "plan", "region"), *found)
    own = {name: name for name in ("segment", "plan", "region")}
    owners = _with_ends(_of_owners(slice_, *found), *found)
    return {**folded(cube, own, MOVED), **folded(owners, {"owner": "owner"}, MOVED)}


def between(before: Slice, now: Slice, operand: str) -> dict[str, float] | None:
    """What led from the one month's end to the other's, signed, by the name of the movement.

    None where the months do not follow each other.
    """
    first, last = month(before), month(now)
    if first is None or last is None or not first < last:
        return None
    found = months(now, around(first).end, last)
    sums = found.iloc[0].to_dict() if len(found) else {}
    signs = BRIDGE[operand]
    return {name: sign * float(sums.get(name, 0.0)) for name, sign in signs.items()}


@shared
def _of_owners(slice_: Slice, first: date, last: date) -> pd.DataFrame:
    own = ("month", "currency", "mrr", "starting", "year_ago", "kind", "returned")
    rows = movements(slice_, first, last).values(*own, owner=F("listed__owner_id"))
    sql, params = rows.query.sql_with_params()
    keys = "month, owner, "
    text = SQL(CONVERT + "GROUP BY month, owner ORDER BY month, owner").format(
        inner=SQL(BY_OWNER).format(sums=SQL(movement_sums()), rows=SQL(sql)),
        keys=SQL(keys),
        sums=SQL(", ".join(f'{one} AS "{name}"' for name, one in SUMS.items())),
    )
    to = slice_.currency
    with connection.cursor() as cursor:
        cursor.execute(text.as_string(), [*params, to, slice_.as_of, to])
        columns = {"month": "datetime64[s]", "owner": "str", **OPERANDS}
        return to_frame(cursor.fetchall(), columns)


def _with_ends(rows: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """With ``starting``, what the first month began with, and ``ending``, what the last had."""
    opens, closes = (rows["month"] == pd.Timestamp(day) for day in (first, last))
    return rows.assign(
        starting=rows["started"].where(opens, 0.0), ending=rows["mrr"].where(closes, 0.0)
    )
