"""Open deals that something was done for lately, each with what happened in a few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Substr

from pipeline.models import Activity, DealChange, Note
from pipeline.queries import listed, waits
from pipeline.queries.changes import days_of, local_day
from revops_site.kernel.filters import Slice
from revops_site.kernel.periods import Period

DAYS_BACK = 14
LONGEST_NOTE = 200


def deals(slice_: Slice) -> QuerySet[Any]:
    """The open deals with an update, an activity or a note in the last ``DAYS_BACK`` days.

    As ``listed.open_deals`` gives them, with ``recent_activities`` and ``recent_changes`` (how
    many), ``last_note`` (its beginning) and ``last_note_on``.
    """
    end = slice_.as_of + timedelta(days=1)
    window = replace(slice_, period=Period(end - timedelta(days=DAYS_BACK), end))
    own = OuterRef("deal_id")
    done = Activity.objects.filter(deal_id=own, is_done=True).order_by()
    changes = days_of(DealChange.objects.filter(deal_id=own), window, "changed_at").order_by()
    notes = days_of(Note.objects.filter(deal_id=own), window, "created_at")
    newest = notes.order_by("-created_at", "-note_id").annotate(day=local_day("created_at"))
    told = waits.counted(listed.open_deals(slice_), slice_).annotate(
        recent_activities=_count(days_of(done, window, "done_at")),
        recent_changes=_count(changes),
        last_note=Subquery(
            newest.annotate(begin=Substr("body", 1, LONGEST_NOTE)).values("begin")[:1],
            output_field=CharField(),
        ),
        last_note_on=Subquery(newest.values("day")[:1], output_field=DateField()),
    )
    lately = Q(overdue_days__lt=DAYS_BACK) | Exists(days_of(done, window, "done_at"))
    found: QuerySet[Any] = told.filter(lately | Exists(notes.order_by()))
    return found


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.values("deal_id").annotate(n=Count("deal_id")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
