"""Deals' forecast categories: what somebody has set by hand, and how each came to be what it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Coalesce, JSONObject

from pipeline.models import CategoryOverride, Deal, DealChange
from pipeline.queries import deals
from pipeline.queries.called import GONE, person
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


@dataclass(frozen=True)
class ByHand:
    """A category as somebody set it: ``by`` is a name, "" of who is gone."""

    pk: int
    category: str
    reason: str
    by: str
    at: datetime


# Asked for along with the deal itself.
TOLD: Mapping[str, ArraySubquery] = {
    "category_changes": ArraySubquery(
        DealChange.objects.filter(deal_id=OuterRef("pk"), field="forecast_category")
        .exclude(source=OVERRIDE)
        .order_by("-changed_at", "key")
        .values(told=JSONObject(at="changed_at", source="source", old="old", new="new"))
    ),
    "category_overrides": ArraySubquery(
        CategoryOverride.objects.filter(deal_id=OuterRef("pk"))
        .order_by("-id")
        .values(
            told=JSONObject(
                pk="pk",
                category="category",
                reason="reason",
                by=person("by"),
                at="at",
                ended="ended",
                ended_at="ended_at",
                ended_by=person("ended_by"),
            )
        )
    ),
    "category_set": ArraySubquery(
        CategoryOverride.objects.filter(deal_id=OuterRef("pk"))
        .standing()
        .values(told=JSONObject(pk="pk"))
    ),
}


def read(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[ByHand | None, Sequence[Event]]:
    """What is set of a deal by hand, and how its category came to be, the newest first."""
    standing_ = {one["pk"] for one in told["category_set"]}
    set_, events = None, []
    for one in told["category_changes"]:
        who = _source(one["source"])
        events.append(Event(_moment(one["at"]), who, one["old"], one["new"], "", by_hand=False))
    for one in told["category_overrides"]:
        by, new = one["by"] or GONE, one["category"]
        if one["pk"] in standing_:
            set_ = ByHand(one["pk"], new, one["reason"], by, _moment(one["at"]))
        events.append(Event(_moment(one["at"]), by, "", new, one["reason"], by_hand=True))
        if one["ended_at"] and one["ended"] == CategoryOverride.Ended.TAKEN_BACK:
            at, ender = _moment(one["ended_at"]), one["ended_by"] or GONE
            events.append(Event(at, ender, new, "", "", by_hand=True))
    return set_, sorted(events, key=lambda event: event.at, reverse=True)


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


def seen(deal_id: str, category: str, override: CategoryOverride | ByHand | None) -> str:
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
    told = Deal.objects.filter(pk=deal_id).annotate(**TOLD).values(*TOLD).first()
    return read(told)[1] if told else []


def _who(user: Any) -> str:
    return str(user) if user else GONE


def _source(source: str) -> str:
    told = {"file": "A file", "sync": "The CRM", "edit": "The support desk"}
    return told.get(source, source)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
