"""How deals stood at the end of a day, and since when that is recorded."""

from __future__ import annotations

from datetime import date

from django.db.models import Min, Q, QuerySet

from pipeline.models import Deal, DealPast, DealState
from revops_site.kernel import freshness
from revops_site.kernel.queries import shared

OF_DEALS = ("pipeline_deals",)


def at(day: date) -> QuerySet[DealState]:
    """All deals that there were at the end of a day, each as it stood then: one row a deal."""
    lasts = Q(valid_to=None) | Q(valid_to__gt=day)
    return DealState.objects.filter(lasts, valid_from__lte=day)


@shared
def moved_since(day: date) -> bool:
    """Whether deals stood otherwise on a day than they do now.

    On the last day of the data they are as they are known now, whenever that was recorded.
    """
    last = freshness.of(OF_DEALS, freshness.workspace()).last_day
    later = Deal.objects.filter(closed_at__gt=day).values("deal_id")[:1]
    newer = Deal.objects.filter(created_at__gt=day).values("deal_id")[:1]
    found = later.union(newer, all=True)
    if last is not None and day < last:
        changed = Deal.objects.filter(state_since__gt=day).values("deal_id")[:1]
        found = later.union(newer, changed, all=True)
    return found.exists()


def recorded_since() -> date | None:
    """The first day on which a change of a deal is recorded; None where none is."""
    return freshness.remembered(f"pipeline-history:{freshness.generation()}", _first)[0]


def _first() -> tuple[date | None]:
    return (DealPast.objects.aggregate(first=Min("valid_to"))["first"],)
