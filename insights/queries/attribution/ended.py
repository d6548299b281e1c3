"""The won and lost deals of a slice with their journeys, as the Pipeline counts them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from insights.models import DealJourney
from insights.rollups import behind
from pipeline.queries import deals, moved_since
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import cut, shared

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
