"""What was created, won and lost: operands of a slice, by all that one may group them by.

The company's sums come from the roll-up by day; owners' from the one by week, together with the
deals of the days that its weeks leave over; some reps' alone from their deals, which are few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import CharField, F, IntegerField, Min, Q, QuerySet, Value
from psycopg.sql import SQL

from pipeline.models import DealFlowDay, DealFlowWeek
from pipeline.queries import deals
from pipeline.queries.states import ended_otherwise, moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.frames import arrays, numbers, pooled, taken
from revops_site.kernel.metrics import sums
from revops_site.kernel.periods import Period, plus, week
from revops_site.kernel.queries import filled, lasting, shared, to_frame
from revops_site.kernel.replica import connection
from revops_site.kernel.summing import Sums, summed

EVENTS = ("created", "won", "lost")
OPERANDS: Mapping[str, str] = {
    **{
        f"{event}{part}": "float64" if part == "_amount" else "int64"
        for event in EVENTS
        for part in ("", "_amount", "_missing", "_unrated")
    },
    "cycle_days": "int64",
}
KEYS: Mapping[str, str] = {
    **dict.fromkeys(("segment", "region", "source_channel", "pipeline_id", "owner_id"), "str"),
    "date": "datetime64[s]",
    "week": "datetime64[s]",
    "month": "datetime64[s]",
}
KEY_SQL = {
    **{name: name for name in ("segment", "region", "source_channel")},
    **{name: f"COALESCE({name}, '')" for name in ("pipeline_id", "owner_id")},
    "date": "date",
    "week": "date_trunc('week', date::timestamp)::date",
    "month": "date_trunc('month', date::timestamp)::date",
}
DECIDED = tuple(name for name in OPERANDS if not name.startswith("created"))
DAYS = {name: column for name, column in deals.CLOSED.items() if column != "owner_id"}
WEEKS = {name: column for name, column in deals.CLOSED.items() if name != "channel"}
MOVED = ("segment", "owner_id", "currency", "amount", "date", "event", "days", "sign")
OF_DEALS = tuple(name for name, kind in KEYS.items() if kind == "str" and name not in MOVED)
# A currency's rate of a day is looked up once, however many deals that day has.
SUM_UP = """
    WITH moved ({columns}) AS MATERIALIZED ({moved}), rated AS MATERIALIZED (
        SELECT pair.currency, pair.date, found.rate
        FROM (SELECT DISTINCT currency, date FROM moved) AS pair
        LEFT JOIN LATERAL kernel_fx_rate(pair.currency, %s, pair.date) AS found ON true
    )
    SELECT {keys}{sums} COALESCE(sum(sign * days) FILTER (WHERE event = 'won'), 0) AS cycle_days
    FROM moved JOIN rated USING (currency, date)
"""
MOVED_SUMS = """
    COALESCE(sum(sign) FILTER (WHERE event = '{event}'), 0) AS {event},
    COALESCE(sum(sign * amount * rate) FILTER (WHERE event = '{event}'), 0) AS {event}_amount,
    COALESCE(sum(sign) FILTER (
        WHERE event = '{event}' AND amount IS NULL
    ), 0) AS {event}_missing,
    COALESCE(sum(sign) FILTER (
        WHERE event = '{event}' AND amount <> 0 AND rate IS NULL
    ), 0) AS {event}_unrated,
"""


@shared
def flows(slice_: Slice, *by: str) -> pd.DataFrame:
    """Operands of the slice's period per value of ``by``, some of ``KEYS``; none has no row.

    Columns ``by`` (text, or a day: the first of a week or month), ``OPERANDS``: counts of deals,
    money in the reporting currency at the rate of each day, and days from creation to win. By
    owner they are of what was won and lost alone.
    """
    if "owner_id" in by and not slice_.is_scoped and not slice_.channel:
        return _as_then(_of_owners(slice_, by), slice_, by)
    if slice_.is_scoped or "owner_id" in by:
        return _of_deals(slice_, by)
    return _as_then(_of_days(slice_, by), slice_, by)


@shared
def totals(slice_: Slice) -> dict[str, float]:
    """The operands of a slice by name, all 0 where nothing happened."""
    return sums(flows(slice_, "segment"), OPERANDS)


def totals_sql(slice_: Slice) -> str:
    """The SQL that gives a slice's operands, in one row."""
    if not slice_.is_scoped and not moved_since(slice_.as_of):
        return _days(()).written(slice_)
    rows = [_moved(deals.created_among(slice_), "created"), _moved(deals.closed(slice_))]
    text, params = _sum_up(rows, (), slice_.currency)
    return filled(text, params)


@lasting
def first_close() -> date | None:
    """The first day on which a deal was won or lost; None where none was."""
    closed = DealFlowDay.objects.filter(Q(won__gt=0) | Q(lost__gt=0)).order_by("date")
    return closed.values_list("date", flat=True).first()


def _of_days(slice_: Slice, by: Sequence[str]) -> pd.DataFrame:
    return _days(by).read(slice_, _columns(by))


def _of_owners(slice_: Slice, by: Sequence[str]) -> pd.DataFrame:
    """Whole weeks from the roll-up, the days at the edges of the window from the deals."""
    inner, edges = _whole_weeks(slice_)
    outer = [replace(slice_, period=edge) for edge in edges if edge.days]
    ended = [_moved(deals.closed_today(one), by=by) for one in outer]
    frames = [_read(ended, by, slice_.currency)] if ended else []
    if inner is not None:
        weeks = Sums(DealFlowWeek, _keys(by), summed(_sums_of(by)), "week", WEEKS)
        frames.append(weeks.read(replace(slice_, period=inner), _columns(by)))
    if not frames:  # the period begins after the slice's day
        return to_frame((), _columns(by))
    return pooled(frames, by, _sums_of(by))


def _whole_weeks(slice_: Slice) -> tuple[Period | None, list[Period]]:
    """The whole weeks within the window, if any, and the days before and after them."""
    first = _first_week() or slice_.as_of
    start = slice_.period.start if slice_.period else min(first, slice_.as_of)
    end = min(slice_.period.end if slice_.period else date.max, plus(slice_.as_of, 1))
    if end <= start:
        return None, [Period(start, start)]
    monday, sunday = week(plus(start, 6)).start, week(end).start
    if monday >= sunday:
        return None, [Period(start, end)]
    return Period(monday, sunday), [Period(start, monday), Period(sunday, end)]


@lasting
def _first_week() -> date | None:
    found: date | None = DealFlowWeek.objects.aggregate(week=Min("week"))["week"]
    return found


def _as_then(kept: pd.DataFrame, slice_: Slice, by: Sequence[str]) -> pd.DataFrame:
    """What the roll-ups tell, set right where deals had ended otherwise on the slice's day."""
    if not moved_since(slice_.as_of) or not ended_otherwise(slice_.as_of):
        return kept
    more, fewer = deals.closed_otherwise(slice_)
    found = _read([_moved(more, by=by), _moved(fewer, sign=-1, by=by)], by, slice_.currency)
    if found.empty:
        return kept
    sums = arrays(pooled((kept, found), by, _sums_of(by)))
    counts = numbers(sums, [event for event in EVENTS if event in sums])
    return taken(sums, np.flatnonzero(counts.any(axis=0)).tolist())


def _of_deals(slice_: Slice, by: Sequence[str]) -> pd.DataFrame:
    rows = [_moved(deals.closed(slice_), by=by)]
    if "created" in _operands(by):
        rows.append(_moved(deals.created_among(slice_), "created", by=by))
    return _read(rows, by, slice_.currency)


def _read(rows: Sequence[QuerySet[Any]], by: Sequence[str], currency: str) -> pd.DataFrame:
    try:
        text, params = _sum_up(rows, by, currency)
    except EmptyResultSet:  # of a slice of nobody
        return to_frame((), _columns(by))
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return to_frame(cursor.fetchall(), _columns(by))


def _sum_up(
    rows: Sequence[QuerySet[Any]], by: Sequence[str], currency: str
) -> tuple[str, list[Any]]:
    """The SQL that sums deals up, and its parameters."""
    compiled = [one.query.sql_with_params() for one in rows]
    keys = "".join(f"{KEY_SQL[name]} AS {name}, " for name in by)
    grouped = ", ".join(KEY_SQL[name] for name in by)
    events = [event for event in EVENTS if event in _operands(by)]
    text = SQL(SUM_UP + ("GROUP BY {grouped} ORDER BY {grouped}" if by else "")).format(
        columns=SQL(", ".join(_named(by))),
        moved=SQL(" UNION ALL ").join(SQL(f"({sql})") for sql, _ in compiled),
        keys=SQL(keys),
        sums=SQL("".join(MOVED_SUMS.format(event=event) for event in events)),
        grouped=SQL(grouped),
    )
    return text.as_string(), [*(one for _, params in compiled for one in params), currency]


def _named(by: Sequence[str]) -> tuple[str, ...]:
    """``MOVED``, and what else the deals are grouped by."""
    return (*MOVED, *(name for name in OF_DEALS if name in by))


def _moved(
    rows: QuerySet[Any], event: str = "", sign: int = 1, by: Sequence[str] = ()
) -> QuerySet[Any, Any]:
    """Deals that were created, or that ended, with the columns that are summed in their order."""
    money = {"amount": "created_amount", "currency": "created_currency"} if event else {}
    named = rows.order_by().annotate(
        date=F("created_at" if event else "closed_at"),
        event=Value(event, CharField()) if event else F("status"),
        days=Value(0, IntegerField()) if event else deals.cycle(),
        sign=Value(sign, IntegerField()),
    )
    moved: QuerySet[Any, Any] = named.values(*(money.get(name, name) for name in _named(by)))
    return moved


def _days(by: Sequence[str]) -> Sums:
    return Sums(DealFlowDay, _keys(by), summed(_sums_of(by)), "date", DAYS)


def _keys(by: Sequence[str]) -> dict[str, str]:
    return {name: KEY_SQL[name] for name in by}


def _operands(by: Sequence[str]) -> Sequence[str]:
    return DECIDED if "owner_id" in by else tuple(OPERANDS)


def _columns(by: Sequence[str]) -> dict[str, str]:
    return {**{name: KEYS[name] for name in by}, **_sums_of(by)}


def _sums_of(by: Sequence[str]) -> dict[str, str]:
    return {name: OPERANDS[name] for name in _operands(by)}
