"""A deal that was deleted, as far as its reader might have seen it, and since when it is gone."""

from __future__ import annotations

from datetime import date

from pipeline.models import Deal, DealPast, StatusEvent
from pipeline.queries.changes import local_day
from revops_site.kernel.filters import Allowed


def deal(deal_id: str, allowed: Allowed) -> Deal | None:
    """The deleted deal with its owner; None where it may not be seen, is there, or never was."""
    rows = Deal.objects.filter(pk=deal_id, is_deleted=True)
    if allowed.reps is not None:
        rows = rows.filter(owner__in=allowed.reps)
    return rows.select_related("owner", "account").first()


def deleted_on(deal_id: str) -> date | None:
    """The day on which the deal was deleted; None where nothing recorded tells of it."""
    events = StatusEvent.objects.filter(deal_id=deal_id, status=StatusEvent.Status.DELETED)
    told = events.annotate(day=local_day("at")).order_by("-at").values_list("day", flat=True)
    day: date | None = told.first()
    if day is not None:
        return day
    there = DealPast.objects.filter(deal_id=deal_id).exclude(status=DealPast.Status.DELETED)
    return there.order_by("-valid_to").values_list("valid_to", flat=True).first()
