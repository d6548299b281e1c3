"""How the chain over the audit log stands, at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from revops_site.kernel.auditing import chain
from revops_site.kernel.models import AuditEvent, AuditSeal


@dataclass(frozen=True)
class Standing:
    """Its links, the rows that wait for one, and since when the first does.

    ``fits`` is whether the end is the one that was told beside the database, as far as it was told.
    """

    links: int
    waiting: int
    oldest: datetime | None
    fits: bool


def standing() -> Standing:
    """How it stands; whether all of it fits is for ``chain.verify`` to say."""
    last = AuditSeal.objects.order_by("-number").first()
    newest = AuditSeal.objects.order_by("-event_id").values_list("event_id", flat=True).first()
    waiting = AuditEvent.objects.filter(pk__gt=newest or 0)
    found = waiting.aggregate(n=Count("pk"), first=Min("at"))
    seen = chain.Found()
    chain.headed(seen)
    return Standing(last.number if last else 0, found["n"], found["first"], not seen.problems)
