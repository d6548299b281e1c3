"""What a follow-up mail has to know of deals: whose they are, whom it may go to, what it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, QuerySet

from pipeline.models import Contact, Deal
from pipeline.queries import waits
from revops_site.kernel.filters import Allowed, Slice

GONE = "has left the company"  # what files put into the title of who has
KINDS = tuple(waits.KINDS)


@dataclass(frozen=True)
class Told:
    """A deal; ``name`` is what it is called, else its account, else its id; days may be None."""

    deal_id: str
    name: str
    account_name: str
    owner_id: str
    owner_name: str
    stage_name: str
    close_date: date | None
    last_activity_at: date | None
    is_open: bool


@dataclass(frozen=True)
class Recipient:
    """A contact of a deal who has an address, which is as files gave it and may be none."""

    contact_id: str
    name: str
    email: str
    role: str


def told(ids: Collection[str]) -> Mapping[str, Told]:
    """The deals of these ids by id, those that are deleted as not open."""
    rows = Deal.objects.filter(pk__in=list(ids)).select_related("owner")
    return {row.pk: _told(row) for row in rows}


def recipients(ids: Collection[str]) -> Mapping[str, Sequence[Recipient]]:
    """Whom one may write to, by deal: the champion first, the economic buyer, who spoke last."""
    rows = Contact.objects.filter(deal_id__in=list(ids)).exclude(email="")
    ranked = rows.exclude(title__icontains=GONE).order_by(
        F("is_champion").desc(nulls_last=True),
        F("is_economic_buyer").desc(nulls_last=True),
        F("last_engaged_at").desc(nulls_last=True),
        *("name", "key"),
    )
    found: dict[str, list[Recipient]] = {}
    for row in ranked:
        one = Recipient(row.contact_id, row.name, row.email, row.role)
        found.setdefault(row.deal_id, []).append(one)
    return found


def waiting(slice_: Slice, kind: str) -> Mapping[str, int]:
    """The slice's deals of a list (one of ``KINDS``) with the days it counts, most money first."""
    days, _ = waits.KINDS[kind]
    rows = waits.waiting(slice_, kind).filter(owner_id__isnull=False)
    ranked = rows.order_by(F("value").desc(nulls_last=True), "deal_id")
    return dict(ranked.values_list("deal_id", days))


def seen(allowed: Allowed) -> QuerySet[Any]:
    """All deals that somebody may see, whatever became of them."""
    rows = Deal.objects.all()
    return rows if allowed.reps is None else rows.filter(owner__in=allowed.reps)


def _told(row: Deal) -> Told:
    return Told(
        deal_id=row.pk,
        name=row.opportunity_name or row.account_name or row.pk,
        account_name=row.account_name,
        owner_id=row.owner_id or "",
        owner_name=row.owner.name if row.owner else "",
        stage_name=row.stage_name,
        close_date=row.close_date,
        last_activity_at=row.last_activity_at,
        is_open=row.status == Deal.Status.OPEN and not row.is_deleted,
    )
