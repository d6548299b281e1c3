"""Deals' forecast categories: what somebody has set by hand, and how each came to be what it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from pipeline.models import CategoryOverride, Deal, DealChange
from pipeline.queries import deals
from revops_site.kernel.filters import Slice
from revops_site.kernel.fx import MONEY
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed, may
from revops_site.kernel.queries import cut

OVERRIDE = "override"
CATEGORIES = ("Commit", "Best Case", "Pipeline", "Omitted")
LONGEST_REASON = 300


@dataclass(frozen=True)
class Event:
    """Something that became of a deal's category: when, by whom or what, and why."""

    at: datetime
    who: str
    old: str
    new: str
    said: str
    by_hand: bool


def deal(deal_id: str, seen_by: User) -> Deal | None:
    """A deal that somebody may see, with its owner."""
    rows = Deal.objects.filter(pk=deal_id, is_deleted=False).select_related("owner")
    reps = allowed(seen_by).reps
    if reps is not None:
        rows = rows.filter(owner__in=reps)
    return rows.first()


def may_set(by: User, of: Deal) -> bool:
    """Whether somebody may set a deal's category: the owner, the owner's manager, RevOps."""
    seen_reps = allowed(by).reps
    return may(by, "call forecast") and (seen_reps is None or of.owner_id in seen_reps)


def standing(ids: Collection[str]) -> Mapping[str, CategoryOverride]:
    """What is set by hand of some deals, by their ids."""
    rows = CategoryOverride.objects.filter(deal_id__in=list(ids)).select_related("by")
    return {one.deal_id: one for one in rows.standing()}


def set_by(ids: Sequence[str], found: Sequence[str]) -> list[str]:
    """Who set the categories that were found of these deals by hand; "" where nobody did."""
    known = standing(ids)
    return [
        _who(known[one].by) if one in known and known[one].category == category else ""
        for one, category in zip(ids, found, strict=True)
    ]


def seen(deal_id: str, category: str, override: CategoryOverride | None) -> str:
    """What a form tells of the state that it was opened on."""
    return f"{override.pk if override else 0}:{category}"


def quarter_deals(slice_: Slice) -> QuerySet[Any]:
    """The open deals expected in the quarter, those left out of the forecast too, largest first.

    As they stand now, each with ``value`` in the reporting currency.
    """
    quarter = slice_.quarter
    rows: QuerySet[Any] = Deal.objects.filter(
        status=Deal.Status.OPEN,
        is_deleted=False,
        close_date__gte=quarter.start,
        close_date__lt=quarter.end,
    )
    rows = cut(rows, slice_, when=None, dimensions=deals.OPEN).select_related("owner")
    found: QuerySet[Any] = rows.annotate(
        value=Coalesce(F("amount") * deals.rate_of_day(slice_), None, output_field=MONEY)
    ).order_by(F("value").desc(nulls_last=True), "deal_id")
    return found


def history(deal_id: str) -> Sequence[Event]:
    """How the category came to be what it is, the newest first."""
    by_files = DealChange.objects.filter(deal_id=deal_id, field="forecast_category")
    events = [
        Event(one.changed_at, _source(one), one.old, one.new, "", by_hand=False)
        for one in by_files.exclude(source=OVERRIDE)
    ]
    for one in CategoryOverride.objects.filter(deal_id=deal_id).select_related("by", "ended_by"):
        events.append(Event(one.at, _who(one.by), "", one.category, one.reason, by_hand=True))
        if one.ended_at and one.ended == CategoryOverride.Ended.TAKEN_BACK:
            told = Event(one.ended_at, _who(one.ended_by), one.category, "", "", by_hand=True)
            events.append(told)
    return sorted(events, key=lambda event: event.at, reverse=True)


def _who(user: Any) -> str:
    return str(user) if user else "Somebody who is gone"


def _source(change: DealChange) -> str:
    return {"file": "A file", "sync": "The CRM", "edit": "The support desk"}.get(
        change.source, change.source
    )
