"""The won and lost deals of a slice with their journeys, as the Pipeline counts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from insights.models import DealJourney
from insights.rollups import behind
from pipeline.queries import deals, moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, filled, shared

OF_DEAL = ("deal_id", "ended_on", "is_won", "amount", "currency")
TOUCHED = ("channels", "campaigns", "days")
DIMENSIONS = {name: column for name, column in deals.CLOSED.items() if name != "channel"}
# How a deal stood then, with the journey that is known of it now.
STOOD = {
    "deal_id": "was.deal_id",
    "ended_on": "was.closed_at",
    "is_won": "was.status = 'won'",
    "amount": "was.amount",
    "currency": "was.currency",
    "revision": "journey.revision",
    "path": "COALESCE(journey.path, ARRAY[]::varchar[])",
    "channels": "COALESCE(journey.channels, ARRAY[]::varchar[])",
    "campaigns": "COALESCE(journey.campaigns, ARRAY[]::varchar[])",
    "days": "COALESCE(journey.days, ARRAY[]::date[])",
}
THEN = """
    SELECT {columns} FROM ({rows}) AS was
    LEFT JOIN insights_dealjourney AS journey ON journey.deal_id = was.deal_id
"""
SIGNED = "SELECT {times} AS times, one.* FROM ({rows}) AS one"


@shared
def credits_behind() -> bool:
    """Whether credit of some deals is yet to be written."""
    return behind()


def ended_sql(
    slice_: Slice, columns: Sequence[str], *, only_won: bool = False
) -> tuple[str, list[Any]]:
    """The common table ``ended`` of these columns of ``STOOD``, and its values.

    Journeys keep how their deals ended; those that stood otherwise on the slice's day are few.
    Raises EmptyResultSet where no deal can match.
    """
    if credits_behind():
        parts = [_then(deals.closed(slice_), columns, only_won)]
    elif not moved_since(slice_.as_of):
        parts = [_kept(slice_, columns, only_won)]
    else:
        more, _ = deals.closed_otherwise(slice_)
        parts = [_kept(slice_, columns, only_won, since=True), _then(more, columns, only_won)]
    text = " UNION ALL ".join(sql for sql, _ in parts)
    return f"ended AS MATERIALIZED ({text})", [one for _, params in parts for one in params]


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
    more, _ = deals.closed_otherwise(slice_)
    fewer = DealJourney.objects.filter(ended_on__isnull=False, state_since__gt=F("ended_on"))
    fewer = fewer.filter(state_since__gt=slice_.as_of)
    if only_won:
        fewer = fewer.filter(is_won=True)
    found = cut(fewer.order_by(), slice_, when="ended_on", dimensions=DIMENSIONS)
    then, now = _then(more, columns, only_won), _compiled(found.values(*columns))
    return " UNION ALL ".join(
        filled(SIGNED.format(times=times, rows=sql), params)
        for times, (sql, params) in ((1, then), (-1, now))
    )


def _kept(
    slice_: Slice, columns: Sequence[str], only_won: bool, *, since: bool = False
) -> tuple[str, list[Any]]:
    rows = DealJourney.objects.filter(ended_on__isnull=False).order_by()
    if since:
        rows = rows.alias(since=Coalesce("state_since", "ended_on")).filter(since__lte=slice_.as_of)
    if only_won:
        rows = rows.filter(is_won=True)
    found = cut(rows, slice_, when="ended_on", dimensions=DIMENSIONS)
    return _compiled(found.values(*columns))


def _then(rows: QuerySet[Any], columns: Sequence[str], only_won: bool) -> tuple[str, list[Any]]:
    known = rows.filter(status="won") if only_won else rows
    of_deal = ("deal_id", "closed_at", "status", "amount", "currency")
    sql, params = _compiled(known.order_by().values(*of_deal))
    named = ", ".join(f"{STOOD[name]} AS {name}" for name in columns)
    return THEN.replace("{rows}", sql).replace("{columns}", named), params


def _compiled(rows: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    sql, params = rows.query.sql_with_params()
    return sql, list(params)
