"""Writes notes on a deal, changes and deletes one's own, and pins any to the top of its page."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from pipeline.actions.work import (
    ConflictError,
    RefusedError,
    held,
    lines,
    log,
    newest_load,
    reload,
    review_day,
)
from pipeline.datasets import NOTES, PIPELINE_DEALS
from pipeline.models import Note, WrittenNote
from pipeline.queries.deal import notes
from revops_site.kernel import audit
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User


@transaction.atomic
def add(*, by: User, deal_id: str, body: str, at: datetime) -> str:
    """Add a note in plain text; its id. RefusedError says what is in the way."""
    deal = held(by, deal_id, NOTES, PIPELINE_DEALS)
    text = lines(body, notes.LONGEST, "a note")
    note_id = f"app-{uuid.uuid4()}"
    _write(note_id, deal_id, text, by.rep_id, at, by)
    WrittenNote.objects.create(note_id=note_id, deal_id=deal_id, author=by)
    reload(deal, f"note of {deal_id}", by)
    audit.record("note added", user=by, target=deal_id, note=note_id)
    return note_id


@transaction.atomic
def change(*, by: User, deal_id: str, note_id: str, body: str, seen: str, at: datetime) -> None:
    """Give one's own note another text. ``seen`` is the version that the form was opened on.

    ConflictError where it was changed since; RefusedError where it may not be changed.
    """
    held(by, deal_id, NOTES)
    text = lines(body, notes.LONGEST, "a note")
    note, mark = _own(deal_id, note_id)
    if mark is None or not notes.may_change(by, mark.author_id):
        raise RefusedError("Only who wrote a note here may change it.")
    if text == note.body:
        return  # the same was sent twice
    _insist_on(seen, mark)
    _write(note_id, deal_id, text, note.author_id, note.created_at, by)
    WrittenNote.objects.filter(pk=note_id).update(version=mark.version + 1, changed_at=at)
    _told(deal_id, note_id, "note changed", by, at)


@transaction.atomic
def delete(*, by: User, deal_id: str, note_id: str, seen: str, at: datetime) -> None:
    """Delete a note that was written here: one's own, or as RevOps."""
    held(by, deal_id, NOTES)
    note = Note.objects.filter(deal_id=deal_id, note_id=note_id).first()
    mark = WrittenNote.objects.filter(pk=note_id, deal_id=deal_id).first()
    if note is None:
        return  # it is gone already
    if mark is None or not (notes.is_ours(note_id) and notes.may_delete(by, mark.author_id)):
        raise RefusedError("Only who wrote a note here, and RevOps, may delete it.")
    _insist_on(seen, mark)
    source = f"deletion of a note of {deal_id}"
    rows.remove(NOTES, [rows.key(NOTES, note)], kind="app", source=source, by=by)
    WrittenNote.objects.filter(pk=note_id).delete()
    _told(deal_id, note_id, "note deleted", by, at)


@transaction.atomic
def pin(
    *, by: User, deal_id: str, note_id: str, is_pinned: bool, review: str, seen: str, at: datetime
) -> None:
    """Let a note stay on top of the deal's page, until ``review`` is a day to look at it again.

    ``seen`` is the version that the form was opened on. ConflictError where its text or its pin was
    changed since.
    """
    held(by, deal_id, NOTES)
    _, mark = _own(deal_id, note_id)
    day = review_day(review) if is_pinned else None
    if (is_pinned, day) == ((mark.is_pinned, mark.review_on) if mark else (False, None)):
        return  # the same was sent twice
    _insist_on(seen, mark)
    version = mark.version + 1 if mark else 1
    values = {"is_pinned": is_pinned, "review_on": day, "version": version}
    WrittenNote.objects.update_or_create(note_id=note_id, deal_id=deal_id, defaults=values)
    action = "note pinned" if is_pinned else "note unpinned"
    audit.record(action, user=by, target=deal_id, note=note_id, review=day)


def _write(
    note_id: str, deal_id: str, text: str, author: str | None, at: datetime, by: User
) -> None:
    given = {
        "note_id": note_id,
        "deal_id": deal_id,
        "author_id": author,
        "body": text,
        "created_at": at.isoformat(),
    }
    report = rows.write(NOTES, [given], kind="app", source=f"note of {deal_id}", by=by)
    if report.refused:
        raise RefusedError(report.sample[0].reason)
    newest_load(NOTES)


def _own(deal_id: str, note_id: str) -> tuple[Note, WrittenNote | None]:
    note = Note.objects.filter(deal_id=deal_id, note_id=note_id).first()
    if note is None:
        raise ConflictError("This note was deleted since you opened it.")
    return note, WrittenNote.objects.filter(pk=note_id, deal_id=deal_id).first()


def _insist_on(seen: str, mark: WrittenNote | None) -> None:
    if seen != str(mark.version if mark else 0):
        raise ConflictError("This note was changed since you opened it.")


def _told(deal_id: str, note_id: str, action: str, by: User, at: datetime) -> None:
    log(deal_id, "note", "a note", action.removeprefix("note "), at, newest_load(NOTES))
    audit.record(action, user=by, target=deal_id, note=note_id)
