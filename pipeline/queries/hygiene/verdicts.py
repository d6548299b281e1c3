"""Whether an open deal keeps a rule on a day: it breaks it, it does not, or nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias

from django.db.models import BooleanField, Case, Exists, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from pipeline.models import Activity, Contact, DealChange, DealSnapshot, NextStep
from pipeline.queries import standing, terms
from pipeline.queries.changes import after
from revops_site.kernel.filters import Slice
from revops_site.kernel.models import DataLoad
from revops_site.kernel.queries import lasting

# Each rule by the name of what breaks it.
RULES: Mapping[str, str] = {
    "no_next_step": "No next step",
    "past_close": "Past its expected close",
    "no_close_date": "No expected close",
    "no_amount": "No amount",
    "no_contact": "No contact",
    "no_owner": "No owner",
    "not_updated": "Not updated",
}
KNOWN = BooleanField(null=True)
OWN = OuterRef("deal_id")
Verdict: TypeAlias = Case | Cast


def breaks(slice_: Slice, rule: str) -> Q:
    """What a deal that breaks a rule fulfils, of rows with ``overdue_days``."""
    if _is_known(slice_, rule):
        return _now(slice_)[rule]
    return Q(verdict(slice_, rule))


def verdict(slice_: Slice, rule: str) -> Verdict:
    """True of a deal that breaks a rule, False of one that keeps it, null where nobody knows."""
    if _is_known(slice_, rule):
        return Case(When(_now(slice_)[rule], then=True), default=False)
    return THEN[rule](slice_)


def loaded_since(dataset: str) -> date | None:
    """The first day that saw files or syncs of a dataset; None before there are any."""
    return _first_loads().get(dataset)


def recorded_since() -> date | None:
    """The first day on which anything is known to have been done for a deal, or changed of it."""
    first = [day for day in _first_touches() if day is not None]
    return min(first) if first else None


def _is_known(slice_: Slice, rule: str) -> bool:
    """Whether the deals themselves tell: of the newest day, and of rules whose past is kept."""
    return rule not in THEN or standing.is_newest(slice_.as_of)


def _now(slice_: Slice) -> Mapping[str, Q]:
    return {
        "no_next_step": Q(next_activity_at=None) | Q(next_activity_at__lt=slice_.as_of),
        "past_close": Q(close_date__lt=slice_.as_of),
        "no_close_date": Q(close_date=None),
        "no_amount": Q(amount=None),
        "no_contact": ~Q(Exists(Contact.objects.filter(deal_id=OWN))),
        "no_owner": Q(owner_id=None) | Q(owner_id=""),
        "not_updated": Q(overdue_days__gte=terms.limit("overdue_days")),
    }


def _no_step_then(slice_: Slice) -> Verdict:
    """By what was kept on the very day, else by the plans that were known by then."""
    day, over = slice_.as_of, after(slice_.as_of)
    kept = DealSnapshot.objects.filter(
        deal_id=OWN, snapshot_date=day, made_from=DealSnapshot.MadeFrom.DAY
    )
    planned = Activity.objects.filter(deal_id=OWN, due_date__gte=day, row_created_at__lt=over)
    planned = planned.filter(Q(is_done=False) | Q(done_at__gte=over))
    by_hand = NextStep.objects.filter(deal_id=OWN, due_date__gte=day, at__lt=over)
    by_hand = by_hand.filter(Q(ended_at=None) | Q(ended_at__gte=over))
    since = loaded_since("activities")
    return Case(
        When(Exists(kept.filter(next_step_points__gt=0)), then=False),
        When(Exists(kept.filter(next_step_points=0)), then=True),
        When(Exists(by_hand) | Exists(planned), then=False),
        default=Value(True if since is not None and since <= day else None, KNOWN),
        output_field=KNOWN,
    )


def _no_contact_then(slice_: Slice) -> Verdict:
    """By who was engaged or loaded by then; who came later may have been there before."""
    day, over = slice_.as_of, after(slice_.as_of)
    there = Contact.objects.filter(deal_id=OWN)
    known = there.filter(Q(last_engaged_at__lte=day) | Q(row_created_at__lt=over))
    met = Activity.objects.filter(deal_id=OWN, is_done=True, done_at__lt=over)
    since = loaded_since("contacts")
    later: bool | None = True if since is not None and since <= day else None
    return Case(
        When(Exists(known) | Exists(met.exclude(contact_id="")), then=False),
        When(Exists(there), then=Value(later, KNOWN)),
        default=Value(True),
        output_field=KNOWN,
    )


def _not_updated_then(slice_: Slice) -> Verdict:
    since = recorded_since()
    if since is None or since > slice_.as_of:
        return Cast(Value(None), KNOWN)
    return Case(When(_now(slice_)["not_updated"], then=True), default=False)


# What is told of past days otherwise than by the deals as they stood then.
THEN: Mapping[str, Callable[[Slice], Verdict]] = {
    "no_next_step": _no_step_then,
    "no_contact": _no_contact_then,
    "not_updated": _not_updated_then,
}


@lasting
def _first_loads() -> dict[str, date]:
    """By dataset; what the product writes by itself tells of no other row."""
    loads = DataLoad.objects.filter(
        dataset__in=["activities", "contacts"], status=DataLoad.Status.LOADED
    ).exclude(kind=DataLoad.Kind.APP)
    first = loads.order_by().values("dataset").annotate(at=Min("started_at"))
    return {one["dataset"]: one["at"].astimezone(standing.zone()).date() for one in first}


@lasting
def _first_touches() -> list[date | None]:
    moments = (
        _first(DealChange.objects.all(), "changed_at"),
        _first(Activity.objects.filter(is_done=True), "done_at"),
    )
    return [at and at.astimezone(standing.zone()).date() for at in moments]


def _first(rows: QuerySet[Any], moment: str) -> datetime | None:
    first: datetime | None = rows.order_by().aggregate(first=Min(moment))["first"]
    return first
