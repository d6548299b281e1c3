"""How deals stood at the end of a day, and since when that is recorded."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Min, Q, QuerySet, Subquery

from pipeline.models import Deal, DealPast, DealState
from revops_site.kernel.freshness import remembered
from revops_site.kernel.models import DataLoad, Workspace
from revops_site.kernel.queries import generation, lasting, shared
from revops_site.kernel.replica import connection

ENDED_OTHERWISE = """
    SELECT EXISTS (
        SELECT FROM pipeline_dealpast
        WHERE valid_from <= %s AND valid_to > %s AND status <> 'open'
    ) OR EXISTS (SELECT FROM pipeline_deal WHERE state_since > %s AND closed_at <= %s)
"""


def at(day: date) -> QuerySet[DealState]:
    """All deals that there were at the end of a day, each as it stood then: one row a deal."""
    lasts = Q(valid_to=None) | Q(valid_to__gt=day)
    return DealState.objects.filter(lasts, valid_from__lte=day)


def moved_since(day: date) -> bool:
    """Whether deals stood otherwise on a day than they do now.

    On the last day of the data they are as they are known now, whenever that was recorded.
    """
    newest = _newest()
    changed = min(newest["state_since"], newest["reach"])
    return max(newest["closed_at"], newest["created_at"], changed) > day


@lasting
def _newest() -> dict[str, date]:
    """The newest day of each date of deals, and the last day that their files reached."""
    loads = DataLoad.objects.filter(dataset="pipeline_deals", status=DataLoad.Status.LOADED)
    dated = ("closed_at", "created_at", "state_since")
    ends = {name: _last(Deal.objects.all(), name) for name in dated}
    ends["reach"] = _last(loads, "last_day")
    found = Workspace.objects.values_list(*ends.values())[0]
    return {name: day or date.min for name, day in zip(ends, found, strict=True)}


def _last(rows: QuerySet[Any], name: str) -> Subquery:
    known = rows.filter(**{f"{name}__isnull": False}).order_by(f"-{name}")
    return Subquery(known.values(name)[:1])


@shared
def ended_otherwise(day: date) -> bool:
    """Whether any deal was won or lost otherwise at the end of a day than it is now."""
    with connection.cursor() as cursor:
        cursor.execute(ENDED_OTHERWISE, [day, day, day, day])
        found: bool = cursor.fetchone()[0]
    return found


def recorded_since() -> date | None:
    """The first day on which a change of an open deal is recorded; None where none is."""
    return remembered(f"deals-recorded-since:{generation()}", _first_change)


def _first_change() -> date | None:
    found = DealPast.objects.filter(status="open").aggregate(first=Min("valid_to"))
    first: date | None = found["first"]
    return first
