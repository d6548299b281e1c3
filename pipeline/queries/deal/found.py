"""The deal itself, as far as its reader may see it, with all that hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from pipeline.models import Contact, Deal
from pipeline.queries import categories
from pipeline.queries.deal import notes, steps
from revops_site.kernel.filters import Allowed

MOST_CONTACTS = 100
Told: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]


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


# What hangs on a deal, each a list of rows: one query reads them all.
TOLD: Mapping[str, ArraySubquery] = {
    **steps.TOLD,
    **notes.TOLD,
    **categories.TOLD,
    "contacts": ArraySubquery(
        Contact.objects.filter(deal_id=OuterRef("pk"))
        .order_by(F("last_engaged_at").desc(nulls_last=True), "name", "key")
        .values(told=JSONObject(**{name: name for name in Person.__dataclass_fields__}))[
            :MOST_CONTACTS
        ]
    ),
}


def deal(deal_id: str, allowed: Allowed) -> Deal | None:
    """The deal with its owner, account and pipeline; None where it may not be seen or is none."""
    return _seen(deal_id, allowed).first()


def whole(deal_id: str, allowed: Allowed) -> tuple[Deal, Told] | None:
    """The same with the rows of ``TOLD`` by their names."""
    found = _seen(deal_id, allowed).annotate(**TOLD).first()
    if found is None:
        return None
    return found, {name: getattr(found, name) for name in TOLD}


def contacts(told: Told) -> Sequence[Person]:
    """Whom one knows there: who was engaged last comes first, 100 at most."""
    return [
        Person(**{**one, "last_engaged_at": day and date.fromisoformat(day)})
        for one in told["contacts"]
        for day in (one["last_engaged_at"],)
    ]


def _seen(deal_id: str, allowed: Allowed) -> QuerySet[Deal]:
    rows = Deal.objects.filter(pk=deal_id, is_deleted=False)
    if allowed.reps is not None:
        rows = rows.filter(owner__in=allowed.reps)
    return rows.select_related("owner", "account", "pipeline")
