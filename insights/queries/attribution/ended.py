"""The won and lost deals of a slice with their journeys, as the Pipeline counts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import F, Model, QuerySet
from django.db.models.functions import Coalesce
from psycopg.sql import SQL, Literal

from insights.models import CreditRevision, DealBrief, DealJourney
from insights.rollups import PART, WORTH, behind
from pipeline.queries import deals, moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, shared, workspace

TOUCHED = ("channels", "campaigns", "days")
DIMENSIONS = {name: column for name, column in deals.CLOSED.items() if name != "channel"}
# How a deal stood then, with the journey that is known of it now.
STOOD = {
    "deal_id": "was.deal_id",
    "ended_on": "was.closed_at",
    "is_won": "was.status = 'won'",
    "amount": "was.amount",
    "currency": "was.currency",
    "value": "CASE WHEN was.status = 'won' THEN "
    + WORTH.format(amount="was.amount", currency="was.currency", day="was.closed_at")
    + " ELSE 0 END",
    "revision": "journey.revision",
    "way": f"COALESCE(array_to_string(journey.path, {PART}), '')",
    "channels": "COALESCE(journey.channels, ARRAY[]::varchar[])",
    "campaigns": "COALESCE(journey.campaigns, ARRAY[]::varchar[])",
    "days": "COALESCE(journey.days, ARRAY[]::date[])",
}
THEN = """
    SELECT {columns} FROM ({rows}) AS was
    LEFT JOIN insights_dealjourney AS journey ON journey.deal_id = was.deal_id
"""
# Deals in brief lie together by the day of their end; journeys are fetched one by one.
WITH_TOUCHES = """
    SELECT {columns} FROM ({rows}) AS brief
    JOIN insights_dealjourney AS journey USING (deal_id)
"""
SIGNED = "SELECT {times} AS times, one.* FROM ({rows}) AS one"
# The revision that the ledger had by then, of deals that it wrote of again since. What was first
# written later, such as the years before the first file, is as it was written first.
REVISED = """
    SELECT deal_id, COALESCE(max(revision) FILTER (WHERE written_at < {end}), min(revision))
        AS revision
    FROM insights_creditrevision WHERE NOT is_void AND deal_id IN (
        SELECT deal_id FROM insights_creditrevision WHERE revision > 1 AND written_at >= {end}
    ) GROUP BY deal_id
"""
BY_THEN = """
    stood AS MATERIALIZED ({rows}), revised AS MATERIALIZED ({revised}),
    ended AS MATERIALIZED (SELECT {columns} FROM stood LEFT JOIN revised USING (deal_id))
"""


@shared
def credits_behind() -> bool:
    """Whether credit of some deals is yet to be written."""
    return behind()


def is_as_kept(slice_: Slice) -> bool:
    """Whether deals and their credit stand on the slice's day as they are kept."""
    return not (credits_behind() or moved_since(slice_.as_of))


def ended_sql(
    slice_: Slice, columns: Sequence[str], *, only_won: bool = False
) -> tuple[str, list[Any]]:
    """The common table ``ended`` of these columns of ``STOOD``, and its values.

    What is kept tells how deals ended; those that stood otherwise on the slice's day are few.
    Raises EmptyResultSet where no deal can match.
    """
    if credits_behind():
        parts = [_then(deals.closed(slice_), columns, only_won)]
    elif not moved_since(slice_.as_of):
        parts = [_kept(slice_, columns, only_won)]
    else:
        parts = [_kept(slice_, columns, only_won, since=True)]
        parts.append(otherwise_then(slice_, columns, only_won=only_won))
    text = " UNION ALL ".join(sql for sql, _ in parts)
    values = [one for _, params in parts for one in params]
    if "revision" not in columns or not (revised := revised_sql(slice_.as_of)):
        return f"ended AS ({text})", values
    named = ("COALESCE(revised.revision, stood.revision) AS revision", *columns)
    of = ", ".join(name for name in named if name != "revision")
    return BY_THEN.format(rows=text, revised=revised, columns=of), values


def otherwise_then(
    slice_: Slice, columns: Sequence[str], *, only_won: bool = False
) -> tuple[str, list[Any]]:
    """The deals alone that stood otherwise on the slice's day than they do since, and the values.

    Raises EmptyResultSet where no deal can match.
    """
    more, _ = deals.closed_otherwise(slice_)
    return _then(more, columns, only_won)


def unmoved(rows: QuerySet[Any, Any], day: date) -> QuerySet[Any, Any]:
    """Those of the rows whose deal stands as it did on that day already."""
    known = rows.alias(since=Coalesce("state_since", "ended_on"))
    found: QuerySet[Any, Any] = known.filter(since__lte=day)
    return found


@shared
def rewritten_after(day: date) -> datetime | None:
    """The end of a past day after which the ledger wrote of some deals again, None for no such."""
    if not moved_since(day):
        return None
    end = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(workspace().time_zone))
    later = CreditRevision.objects.filter(revision__gt=1, written_at__gte=end)
    return end if later.exists() else None


def revised_sql(day: date) -> str:
    """The deals with another revision on that day than now (deal_id, revision); "" for none."""
    end = rewritten_after(day)
    return SQL(REVISED).format(end=Literal(end)).as_string() if end else ""


def is_whole(slice_: Slice) -> bool:
    """Whether the slice is of all ended deals of its days, as they are summed by the day."""
    narrowed = any(getattr(slice_, name, ()) for name in DIMENSIONS)
    return not (narrowed or slice_.is_scoped or credits_behind())


def otherwise_sql(slice_: Slice, columns: Sequence[str], *, only_won: bool = False) -> str:
    """The rows of such a slice that its days do not tell as of its day, with ``times``.

    1 of a deal that stood so then, -1 of one that stands so since; no table where there are none.
    Raises EmptyResultSet where no deal can match.
    """
    if not moved_since(slice_.as_of):
        return ""
    fewer = DealBrief.objects.filter(ended_on__isnull=False, state_since__gt=F("ended_on"))
    fewer = fewer.filter(state_since__gt=slice_.as_of)
    if only_won:
        fewer = fewer.filter(is_won=True)
    found = cut(fewer.order_by(), slice_, when="ended_on", dimensions=DIMENSIONS)
    then = otherwise_then(slice_, columns, only_won=only_won)
    now = _compiled(found.values(*columns))
    return " UNION ALL ".join(
        filled(SIGNED.format(times=times, rows=sql), params)
        for times, (sql, params) in ((1, then), (-1, now))
    )


def _kept(
    slice_: Slice, columns: Sequence[str], only_won: bool, *, since: bool = False
) -> tuple[str, list[Any]]:
    is_of_journeys = not {*columns}.isdisjoint(TOUCHED) and "value" not in columns
    of: type[Model] = DealJourney if is_of_journeys else DealBrief
    rows = of._default_manager.order_by().filter(ended_on__isnull=False)
    if since:
        rows = unmoved(rows, slice_.as_of)
    if only_won:
        rows = rows.filter(is_won=True)
    found = cut(rows, slice_, when="ended_on", dimensions=DIMENSIONS)
    if is_of_journeys or {*columns}.isdisjoint(TOUCHED):
        return _compiled(found.values(*columns))
    of_brief = [name for name in columns if name not in TOUCHED]
    sql, params = _compiled(found.values(*{"deal_id": 0, **dict.fromkeys(of_brief)}))
    named = (f"journey.{name}" if name in TOUCHED else f"brief.{name}" for name in columns)
    return WITH_TOUCHES.format(columns=", ".join(named), rows=sql), params


def _then(rows: QuerySet[Any], columns: Sequence[str], only_won: bool) -> tuple[str, list[Any]]:
    known = rows.filter(status="won") if only_won else rows
    of_deal = ("deal_id", "closed_at", "status", "amount", "currency")
    sql, params = _compiled(known.order_by().values(*of_deal))
    named = ", ".join(f"{STOOD[name]} AS {name}" for name in columns)
    return THEN.replace("{rows}", sql).replace("{columns}", named), params


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    sql, params = rows.query.sql_with_params()
    return sql, list(params)
