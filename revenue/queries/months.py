"""Operands by month: from the roll-up, or for some reps' customers from their movements.

Each currency is converted at the rate of the month's end; what was there at its start, at the
rate of the month's end before. What had no rate then was in no sum of that month: it enters by
way of the currency effect, so that each month starts where the one before it ended.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from math import nan
from typing import Any

import pandas as pd
from django.db import connection
from django.db.models import QuerySet
from psycopg.sql import SQL, Identifier

from revenue.models import Customer, Movement, RevenueMonth
from revenue.queries.known import DIMENSIONS, OWNER, knows_history, month, window
from revenue.rollups import sums as movement_sums
from revops_site.kernel.cubes import Cube
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, shared
from revops_site.kernel.summing import Sums

KINDS = ("new", "expansion", "contraction", "churn", "reactivation")
COUNTS = ("customers", "starting_customers", *(f"{kind}_customers" for kind in KINDS))
COUNTS_AGO = ("year_ago_customers",)
RETURNED = ("year_ago_returned", "year_ago_returned_kept")
MONEY_NOW = ("mrr", *KINDS, "year_ago", "year_ago_now", "year_ago_kept", *RETURNED)
OPERANDS: Mapping[str, str] = {
    **dict.fromkeys((*COUNTS, *COUNTS_AGO), "int64"),
    **dict.fromkeys((*MONEY_NOW, "started", "fx_impact"), "float64"),
    "unrated": "int64",
}
KEYS: Mapping[str, str] = {
    "month": "datetime64[s]",
    "segment": "str",
    "plan": "str",
    "region": "str",
}
OF_A_YEAR_AGO = ("year_ago_customers", "year_ago", "year_ago_now", "year_ago_kept", *RETURNED)
STORED = (
    *("month", "segment", "plan", "region", "currency", *COUNTS, *COUNTS_AGO, *MONEY_NOW),
    *("starting", "rows"),
)
GROUPED = ("month", "segment", "plan", "region", "currency")
CUBE = ("month", "segment", "plan")  # read once, the panels of a page sum it up as they like
CONVERT = """
    WITH summed AS MATERIALIZED ({inner}), rated AS MATERIALIZED (
        SELECT pair.month, pair.currency, at_end.rate AS now, COALESCE(at_start.rate, 0) AS before
        FROM (SELECT DISTINCT month, currency FROM summed) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(
            pair.currency, %s, LEAST((pair.month + interval '1 month - 1 day')::date, %s)
        ) AS at_end ON true
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, pair.month - 1) AS at_start ON true
    )
    SELECT {keys}{sums}
    FROM summed JOIN rated USING (month, currency)
"""
SUMS = {
    **{name: f"COALESCE(sum({name}), 0)::bigint" for name in (*COUNTS, *COUNTS_AGO)},
    **{name: f'COALESCE(sum("{name}" * now), 0)' for name in MONEY_NOW},
    "started": "COALESCE(sum(starting * before), 0)",
    "fx_impact": "COALESCE(sum(starting * (now - before)), 0)",
    "unrated": "COALESCE(sum(rows) FILTER (WHERE now IS NULL), 0)::bigint",
}
FIRST_AND_LAST = {
    "starting": "COALESCE(sum(starting * before) FILTER (WHERE month = {first}), 0)",
    "ending": "COALESCE(sum(mrr * now) FILTER (WHERE month = {last}), 0)",
}


@shared
def months(slice_: Slice, first: date, last: date, *by: str) -> pd.DataFrame:
    """Operands per value of ``by`` (some of ``KEYS``) over these months; none has no row.

    Columns ``by`` (month: its first day), ``OPERANDS``: numbers of customers, and money in the
    reporting currency. ``started`` is the MRR that the months began with, ``unrated`` counts the
    rows whose money is left out for want of an exchange rate.
    """
    if not by or not set(by) <= set(CUBE):
        return _read(slice_, first, last, by).by(*by)
    return _within(slice_, first, last).by(*by)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands at the slice's month, by name; NaN where the ledger does not reach it.

    What was paid a year before is NaN where the ledger does not reach that far back.
    """
    at = month(slice_)
    if at is None:
        return dict.fromkeys(OPERANDS, nan)
    found = _within(slice_, at, at).total()
    return found if knows_history(slice_) else {**found, **dict.fromkeys(OF_A_YEAR_AGO, nan)}


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives them; "" where they are not known."""
    at = month(slice_)
    return filled(*_query(slice_, at, at, (), SUMS)) if at else ""


def cohort_sql(slice_: Slice) -> str:
    """The SQL that gives those of a year before; "" where they are not known."""
    return totals_sql(slice_) if knows_history(slice_) else ""


@shared
def sums(slice_: Slice) -> dict[str, float]:
    """The operands over the slice's months, by name, with ``starting`` and ``ending`` MRR.

    NaN where the slice has no month of which is known what was paid before it.
    """
    found = window(slice_)
    columns = (*OPERANDS, *FIRST_AND_LAST)
    if found is None:
        return dict.fromkeys(columns, nan)
    first, last = (_within(slice_, end, end).total() for end in found)
    whole = _within(slice_, *found).total()
    return {**whole, "starting": first["started"], "ending": last["mrr"]}


def sums_sql(slice_: Slice) -> str:
    """The SQL that gives them; "" where they are not known."""
    found = window(slice_)
    return filled(*_query(slice_, *found, (), _over(*found))) if found else ""


def movements(slice_: Slice, first: date, last: date) -> QuerySet[Movement]:
    """The customers' movements of these months that the slice lets through."""
    rows = Movement.objects.filter(month__gte=first, month__lte=last)
    rows = cut(rows, slice_, when=None, dimensions=DIMENSIONS)
    if slice_.is_scoped:
        owned = cut(Customer.objects.all(), slice_, when=None, dimensions=OWNER)
        rows = rows.filter(customer_id__in=owned.values("customer_id"))
    return rows


def _over(first: date, last: date) -> Mapping[str, str]:
    ends = {"first": f"DATE '{first}'", "last": f"DATE '{last}'"}
    return {**SUMS, **{name: sql.format(**ends) for name, sql in FIRST_AND_LAST.items()}}


def _query(
    slice_: Slice, first: date, last: date, by: Sequence[str], wanted: Mapping[str, str]
) -> tuple[str, list[Any]]:
    params: Sequence[Any]
    if slice_.is_scoped:
        rows, params = movements(slice_, first, last).query.sql_with_params()
        grouped = ", ".join(GROUPED)
        inner = f"SELECT {grouped}, {movement_sums()} FROM ({rows}) AS movement GROUP BY {grouped}"  # noqa: S608
    else:
        inner, params = _stored(first, last).sql(slice_)
    keys = [Identifier(name).as_string() for name in by]
    text = SQL(CONVERT + ("GROUP BY {grouped} ORDER BY {grouped}" if by else "")).format(
        inner=SQL(inner),
        keys=SQL("".join(f"{key}, " for key in keys)),
        sums=SQL(", ".join(f'{sql} AS "{name}"' for name, sql in wanted.items())),
        grouped=SQL(", ".join(keys)),
    )
    own = slice_.currency
    return text.as_string(), [*params, own, slice_.as_of, own]


def _stored(first: date, last: date) -> Sums:
    """The rows of the roll-up, each as it is."""
    columns = {name: f'"{name}"' for name in STORED}
    months = f"month BETWEEN DATE '{first}' AND DATE '{last}'"
    return Sums(RevenueMonth, {}, columns, when=None, dimensions=DIMENSIONS, where=months)


def _within(slice_: Slice, first: date, last: date) -> Cube:
    """``CUBE`` and ``OPERANDS`` of these months, of the one reading that a page's panels share."""
    start, end = _span(slice_)
    if first < start or last > end:
        return _read(slice_, first, last, CUBE)
    cube = _read(slice_, start, end, CUBE)
    months_ = cube.keys["month"]  # in order, as it is read
    return cube.between(bisect_left(months_, first), bisect_right(months_, last))


@shared
def _read(slice_: Slice, first: date, last: date, by: Sequence[str]) -> Cube:
    text, params = _query(slice_, first, last, by, SUMS)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return Cube.of(cursor.fetchall(), {name: KEYS[name] for name in by}, OPERANDS)


@shared
def _span(slice_: Slice) -> tuple[date, date]:
    """The months that a page speaks of: the slice's own and the thirteen up to its last."""
    at, own = month(slice_) or date.min, window(slice_)
    year_ago = date(max(at.year - 1, 1), at.month, 1)
    return (min(year_ago, own[0]) if own else year_ago), at
