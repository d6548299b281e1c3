"""The deal itself, as far as its reader may see it, and whom one knows there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from pipeline.models import Contact, Deal
from revops_site.kernel.filters import Allowed

MOST_CONTACTS = 100


@dataclass(frozen=True)
class Person:
    """A contact of a deal; what nobody told of champion and buyer is None."""

    name: str
    title: str
    role: str
    email: str
    is_champion: bool | None
    is_economic_buyer: bool | None
    last_engaged_at: date | None


def deal(deal_id: str, allowed: Allowed) -> Deal | None:
    """The deal with its owner, account and pipeline; None where it may not be seen or is none."""
    rows = Deal.objects.filter(pk=deal_id, is_deleted=False)
    if allowed.reps is not None:
        rows = rows.filter(owner__in=allowed.reps)
    return rows.select_related("owner", "account", "pipeline").first()


def contacts(deal_id: str) -> Sequence[Person]:
    """Whom one knows there: who was engaged last comes first, 100 at most."""
    rows = Contact.objects.filter(deal_id=deal_id).order_by(
        F("last_engaged_at").desc(nulls_last=True), "name", "key"
    )
    fields = Person.__dataclass_fields__
    return [Person(*row) for row in rows.values_list(*fields)[:MOST_CONTACTS]]
