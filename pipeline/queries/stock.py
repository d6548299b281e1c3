"""What is open as of a day, by stage or owner; and what of it is past due or stuck.

Open deals of the newest day are read from their roll-up. Before that day, or where money lacks an
exchange rate, the deals themselves are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias, get_args

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db import connection
from psycopg.sql import SQL

from pipeline.models import OpenDealStock
from pipeline.queries import deals
from pipeline.queries.states import moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import grouped
from revops_site.kernel.fx import rates
from revops_site.kernel.metrics import sums
from revops_site.kernel.queries import filled, shared, to_frame
from revops_site.kernel.summing import Sums

Key: TypeAlias = Literal["stage_name", "owner_id", "segment"]
OPERANDS: Mapping[str, str] = {
    "open_deals": "int64",
    "open_amount": "float64",
    "open_weighted": "float64",
    "open_missing": "int64",
    "open_unrated": "int64",
}
WATCHED: Mapping[str, str] = {
    "past_due": "int64",
    "past_due_amount": "float64",
    "stuck": "int64",
    "stuck_amount": "float64",
}
KEPT_SUMS = {
    "open_deals": "COALESCE(sum(deals), 0)::bigint",
    "open_amount": "COALESCE(sum(amount * rate), 0)::float8",
    "open_weighted": "COALESCE(sum(weighted * rate), 0)::float8",
    "open_missing": "COALESCE(sum(missing_amount), 0)::bigint",
    "open_unrated": "COALESCE(sum(deals - missing_amount) FILTER (WHERE rate IS NULL), 0)::bigint",
}
# Of a column that each deal has: so the index of open deals says it all.
DEAL_SUMS = {
    "open_deals": "count(created_at)",
    "open_amount": "COALESCE(sum(value), 0)::float8",
    "open_weighted": "COALESCE(sum(weighted), 0)::float8",
    "open_missing": "count(created_at) FILTER (WHERE amount IS NULL)",
    "open_unrated": "count(created_at) FILTER (WHERE amount <> 0 AND rate IS NULL)",
}
LATE = "close_date < {day}"
STUCK = "days_in_stage >= {days} AND value >= {amount}"
WATCH_SUMS = {
    "past_due": f"count(created_at) FILTER (WHERE {LATE})",
    "past_due_amount": f"COALESCE(sum(value) FILTER (WHERE {LATE}), 0)::float8",
    "stuck": f"count(created_at) FILTER (WHERE {STUCK})",
    "stuck_amount": f"COALESCE(sum(value) FILTER (WHERE {STUCK}), 0)::float8",
}
READ = ("created_at", "close_date", "amount", "rate", "value", "weighted", "days_in_stage")


@shared
def stock(slice_: Slice, by: Key) -> pd.DataFrame:
    """Operands of what is open per value of ``by``; what has no open deal has no row.

    Columns ``by`` (text), ``OPERANDS``: counts of deals, and money in the reporting currency at
    the rate of the slice's day.
    """
    columns = {by: "str", **OPERANDS}
    if not moved_since(slice_.as_of):
        found = _kept(slice_, {by: by}).read(slice_, columns)
        if not found["open_unrated"].any():
            return found
        return _read(slice_, (by,), DEAL_SUMS, columns)
    return grouped(_then(slice_), (by,), OPERANDS)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands of all that is open, by name."""
    return sums(stock(slice_, "stage_name"), OPERANDS)


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of all that is open, in one row."""
    if not moved_since(slice_.as_of) and not totals(slice_)["open_unrated"]:
        return _kept(slice_, {}).written(slice_)
    return _written(slice_, DEAL_SUMS)


@shared
def watched(slice_: Slice) -> dict[str, float]:
    """How many open deals are past due, how many are stuck, and what they are worth.

    ``WATCHED`` by name; money in the reporting currency.
    """
    past = moved_since(slice_.as_of)
    found = _then(slice_) if past else _read(slice_, (), WATCH_SUMS, WATCHED)
    return sums(found, WATCHED)


def watched_sql(slice_: Slice) -> str:
    """The SQL that gives the operands of ``watched``."""
    return _written(slice_, WATCH_SUMS)


@shared
def _then(slice_: Slice) -> pd.DataFrame:
    """All that is told of what was open on a past day, read once for whoever asks.

    Columns ``stage_name``, ``owner_id``, ``segment``, ``OPERANDS``, ``WATCHED``.
    """
    keys = get_args(Key)
    columns = {**dict.fromkeys(keys, "str"), **OPERANDS, **WATCHED}
    return _read(slice_, keys, {**DEAL_SUMS, **WATCH_SUMS}, columns)


def _read(
    slice_: Slice, by: Sequence[str], wanted: Mapping[str, str], columns: Mapping[str, str]
) -> pd.DataFrame:
    try:
        text, params = _over_deals(slice_, by, wanted)
    except EmptyResultSet:  # nobody's deals
        return to_frame((), columns)
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return to_frame(cursor.fetchall(), columns)


def _written(slice_: Slice, wanted: Mapping[str, str]) -> str:
    return filled(*_over_deals(slice_, (), wanted))


def _over_deals(
    slice_: Slice, by: Sequence[str], wanted: Mapping[str, str]
) -> tuple[str, Sequence[Any]]:
    """The SQL that sums up the open deals themselves, and its parameters."""
    days, amount = deals.limits(slice_)
    inner, params = deals.open_(slice_).values(*by, *READ).query.sql_with_params()
    limits = {"day": f"DATE '{slice_.as_of}'", "days": str(int(days)), "amount": str(int(amount))}
    keys = [f"COALESCE({name}, '')" for name in by]
    named = [*keys, *(f'{sql.format(**limits)} AS "{name}"' for name, sql in wanted.items())]
    order = f" GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}" if by else ""
    text = SQL("SELECT {named} FROM ({inner}) AS open_deal{order}").format(
        named=SQL(", ".join(named)), inner=SQL(inner), order=SQL(order)
    )
    return text.as_string(), params


def _kept(slice_: Slice, by: Mapping[str, str]) -> Sums:
    """What the roll-up holds, at the rates of the slice's day."""
    known = sorted(rates(slice_.currency, slice_.as_of).items())
    pairs = " ".join("WHEN %s THEN %s" for _ in known)
    return Sums(
        OpenDealStock,
        by,
        KEPT_SUMS,
        when=None,
        dimensions=deals.OPEN,
        derived=f"CASE currency {pairs} END AS rate",
        values=[value for pair in known for value in pair],
        where="forecast_category <> 'Omitted'",
    )
