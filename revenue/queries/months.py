"""Operands by month, from the roll-ups: from that of owners for some reps' customers.

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
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from psycopg.sql import SQL, Identifier

from revenue.models import Movement, OwnerMonth, RevenueMonth
from revenue.queries.known import DIMENSIONS, OWNER, knows_history, month, window
from revops_site.kernel.cubes import Cube
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, shared, to_frame
from revops_site.kernel.replica import connection
from revops_site.kernel.summing import Sums

KINDS = ("new", "expansion", "contraction", "churn", "reactivation")
COUNTS = ("customers", "starting_customers", *(f"{kind}_customers" for kind in KINDS))
COUNTS_AGO = ("year_ago_customers", "year_ago_still")
RETURNED = ("year_ago_returned", "year_ago_returned_kept")
OF_THEM = ("year_ago_now", "year_ago_kept", *RETURNED, "year_ago_left")
MONEY_NOW = ("mrr", *KINDS, "year_ago", *OF_THEM)
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
    "owner": "str",
}
OF_A_YEAR_AGO = tuple(name for name in OPERANDS if name.startswith("year_ago"))
STORED = ("month", "segment", "plan", "region", "currency")
MEASURES = (*COUNTS, *COUNTS_AGO, *MONEY_NOW, "starting", "rows")
CUBE = ("month", "segment", "plan")  # read once, the panels of a page sum it up as they like
CONVERT = """
    WITH summed AS ({inner}), rated AS MATERIALIZED (
        SELECT pair.month, pair.currency, at_end.rate AS now, COALESCE(at_start.rate, 0) AS before
        FROM (SELECT DISTINCT month, currency FROM revenue_revenuemonth WHERE {within}) AS pair
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


@shared
def spans(slice_: Slice, first: date, last: date, *by: str) -> pd.DataFrame:
    """As ``months``, by anything but months, with ``starting`` and ``ending`` as in ``sums``."""
    kinds = {name: KEYS[name] for name in by}
    columns = {**kinds, **OPERANDS, **dict.fromkeys(FIRST_AND_LAST, "float64")}
    try:
        text, params = _query(slice_, first, last, by, _over(first, last))
    except EmptyResultSet:
        return to_frame((), columns)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return to_frame(cursor.fetchall(), columns)


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
    return cut(rows, slice_, when=None, dimensions={**DIMENSIONS, **OWNER})


def _over(first: date, last: date) -> Mapping[str, str]:
    ends = {"first": f"DATE '{first}'", "last": f"DATE '{last}'"}
    return {**SUMS, **{name: sql.format(**ends) for name, sql in FIRST_AND_LAST.items()}}


def _query(
    slice_: Slice, first: date, last: date, by: Sequence[str], wanted: Mapping[str, str]
) -> tuple[str, list[Any]]:
    inner, params = _stored(slice_, first, last, by)
    keys = [Identifier(name).as_string() for name in by]
    text = SQL(CONVERT + ("GROUP BY {grouped} ORDER BY {grouped}" if by else "")).format(
        inner=SQL(inner),
        within=SQL(_within_sql(first, last)),
        keys=SQL("".join(f"{key}, " for key in keys)),
        sums=SQL(", ".join(f'{sql} AS "{name}"' for name, sql in wanted.items())),
        grouped=SQL(", ".join(keys)),
    )
    own = slice_.currency
    return text.as_string(), [*params, own, slice_.as_of, own]


def _stored(slice_: Slice, first: date, last: date, by: Sequence[str]) -> tuple[str, Sequence[Any]]:
    """The rows of the roll-up as they are; of owners, who are many, the sums that are asked for."""
    where = _within_sql(first, last)
    if not slice_.is_scoped and "owner" not in by:
        every = {name: f'"{name}"' for name in (*STORED, *MEASURES)}
        found = Sums(RevenueMonth, {}, every, when=None, dimensions=DIMENSIONS, where=where)
        return found.sql(slice_)
    keys = {name: f'"{name}"' for name in dict.fromkeys(("month", "currency", *by))}
    keys |= {"owner": "owner_id"} if "owner" in by else {}
    sums = {name: f'sum("{name}")' for name in MEASURES}
    known = {**DIMENSIONS, **OWNER}
    return Sums(OwnerMonth, keys, sums, when=None, dimensions=known, where=where).sql(slice_)


def _within_sql(first: date, last: date) -> str:
    return f"month BETWEEN DATE '{first}' AND DATE '{last}'"


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
    kinds = {name: KEYS[name] for name in by}
    try:
        text, params = _query(slice_, first, last, by, SUMS)
    except EmptyResultSet:
        return Cube.of((), kinds, OPERANDS)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return Cube.of(cursor.fetchall(), kinds, OPERANDS)


@shared
def _span(slice_: Slice) -> tuple[date, date]:
    """The months that a page speaks of: the slice's own and the thirteen up to its last."""
    at, own = month(slice_) or date.min, window(slice_)
    year_ago = date(max(at.year - 1, 1), at.month, 1)
    return (min(year_ago, own[0]) if own else year_ago), at
