"""A deal's notes as they are written and pinned: whose they are, and who may change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject, Left

from pipeline.models import Note, WrittenNote
from pipeline.queries.called import GONE, person
from revops_site.kernel.models import User

LONGEST = 4_000
MOST = 8
MOST_READ = 30
OVERSEERS = ("admin", "revops")


@dataclass(frozen=True)
class Written:
    """A note with what the app knows of it; ``version`` is the token of its text and its pin."""

    note_id: str
    body: str
    who: str
    at: datetime
    version: int
    is_pinned: bool
    review_on: date | None
    is_own: bool
    may_delete: bool


_OF_DEAL = Note.objects.filter(deal_id=OuterRef("pk"))
_MARKS = WrittenNote.objects.filter(note_id=OuterRef("note_id"), deal_id=OuterRef("deal_id"))
_MARK = JSONObject(
    version="version",
    is_pinned="is_pinned",
    review_on="review_on",
    author="author_id",
    who=person("author"),
)
# Asked for along with the deal itself: pinned notes before the newest, and what is read of them.
TOLD: Mapping[str, ArraySubquery] = {
    "notes_top": ArraySubquery(
        _OF_DEAL.annotate(
            top=Exists(_MARKS.filter(is_pinned=True)), mark=Subquery(_MARKS.values(told=_MARK)[:1])
        )
        .order_by("-top", "-created_at", "note_id")
        .values(
            told=JSONObject(
                id="note_id", body="body", who="author__name", at="created_at", mark="mark"
            )
        )[:MOST]
    ),
    "notes_read": ArraySubquery(
        _OF_DEAL.order_by("-created_at", "note_id").values(
            told=JSONObject(id="note_id", body=Left("body", LONGEST), at="created_at")
        )[:MOST_READ]
    ),
}


def listed(told: Mapping[str, Sequence[Mapping[str, Any]]], by: User) -> Sequence[Written]:
    """A deal's pinned notes, what is to be reviewed first, then its newest ones; 8 at most."""
    found = [_written(one, one["mark"] or {}, by) for one in told["notes_top"]]
    return in_order(found)


def in_order(found: Sequence[Written]) -> Sequence[Written]:
    """Pinned notes before the others, what is to be reviewed first before all."""
    return sorted(found, key=lambda one: (not one.is_pinned, one.review_on or date.max))


def texts(
    told: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Sequence[tuple[str, str, datetime]]:
    """Id, text (its first 4,000 signs) and moment of the newest 30 notes, the newest first."""
    return [
        (one["id"], one["body"], datetime.fromisoformat(one["at"])) for one in told["notes_read"]
    ]


def may_change(by: User, author_id: int | None) -> bool:
    """Whether somebody may change a note's text: it was written here, and by this person."""
    return author_id is not None and author_id == by.pk


def may_delete(by: User, author_id: int | None) -> bool:
    """Whether somebody may delete a note that was written here: the author, and RevOps."""
    return may_change(by, author_id) or by.role in OVERSEERS


def is_ours(note_id: str) -> bool:
    """Whether a note of a deal was written here, and not in a file or a CRM."""
    return note_id.startswith("app-")


def _written(note: Mapping[str, Any], mark: Mapping[str, Any], by: User) -> Written:
    day, author = mark.get("review_on"), mark.get("author")
    return Written(
        note_id=note["id"],
        body=note["body"],
        who=mark.get("who") or note["who"] or GONE,
        at=datetime.fromisoformat(note["at"]),
        version=mark.get("version", 0),
        is_pinned=bool(mark.get("is_pinned")),
        review_on=date.fromisoformat(day) if day else None,
        is_own=may_change(by, author),
        may_delete=bool(mark) and is_ours(note["id"]) and may_delete(by, author),
    )
