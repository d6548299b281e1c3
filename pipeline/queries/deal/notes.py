"""A deal's notes as they are written and pinned: whose they are, and who may change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, When

from pipeline.models import Note, WrittenNote
from revops_site.kernel.models import User

LONGEST = 4_000
MOST = 8
OVERSEERS = ("admin", "revops")


@dataclass(frozen=True)
class Written:
    """A note with what the app knows of it; ``version`` is the token of its text."""

    note_id: str
    body: str
    who: str
    at: datetime
    version: int
    is_pinned: bool
    review_on: date | None
    is_own: bool
    may_delete: bool


def listed(deal_id: str, by: User) -> Sequence[Written]:
    """A deal's pinned notes, what is to be reviewed first, then its newest ones; 8 at most."""
    marks = {
        one.note_id: one
        for one in WrittenNote.objects.filter(deal_id=deal_id).select_related("author")
    }
    pinned = [note_id for note_id, mark in marks.items() if mark.is_pinned]
    rows = Note.objects.filter(deal_id=deal_id).select_related("author")
    first = rows.alias(top=Case(When(note_id__in=pinned, then=0), default=1))
    found = [
        _written(one, marks.get(one.note_id), by)
        for one in first.order_by("top", "-created_at", "note_id")[:MOST]
    ]
    return sorted(found, key=lambda one: (not one.is_pinned, one.review_on or date.max))


def may_change(by: User, mark: WrittenNote | None) -> bool:
    """Whether somebody may change a note's text: it was written here, and by this person."""
    return mark is not None and mark.author_id is not None and mark.author_id == by.pk


def may_delete(by: User, mark: WrittenNote | None) -> bool:
    """Whether somebody may delete a note of the app: the author, and RevOps."""
    is_ours = mark is not None and mark.note_id.startswith("app-")
    return is_ours and (may_change(by, mark) or by.role in OVERSEERS)


def _written(note: Note, mark: WrittenNote | None, by: User) -> Written:
    return Written(
        note_id=note.note_id,
        body=note.body,
        who=str((mark and mark.author) or note.author or "Somebody who is gone"),
        at=note.created_at,
        version=mark.version if mark else 0,
        is_pinned=mark is not None and mark.is_pinned,
        review_on=mark.review_on if mark else None,
        is_own=may_change(by, mark),
        may_delete=may_delete(by, mark),
    )
