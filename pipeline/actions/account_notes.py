"""Writes notes on an account, changes and deletes one's own, and pins any to its page's top."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from pipeline.actions.work import ConflictError, RefusedError, lines, review_day
from pipeline.models import AccountNote
from pipeline.queries import tasks
from pipeline.queries.deal import notes
from revops_site.kernel import audit, freshness
from revops_site.kernel.models import User


@transaction.atomic
def add(*, by: User, account_id: str, body: str, at: datetime) -> str:
    """Add a note in plain text; its id. RefusedError says what is in the way."""
    _insist_on_work(by, account_id)
    text = lines(body, notes.LONGEST, "a note")
    made = AccountNote.objects.create(account_id=account_id, author=by, body=text, created_at=at)
    _told("note added", by, made)
    return str(made.pk)


@transaction.atomic
def change(*, by: User, account_id: str, note_id: str, body: str, seen: str, at: datetime) -> None:
    """Give one's own note another text. ``seen`` is the version that the form was opened on.

    ConflictError where it was changed since; RefusedError where it may not be changed.
    """
    note = _held(by, account_id, note_id)
    text = lines(body, notes.LONGEST, "a note")
    if not notes.may_change(by, note.author_id):
        raise RefusedError("Only who wrote a note may change it.")
    if text == note.body:
        return  # the same was sent twice
    _insist_on(seen, note)
    note.body, note.changed_at = text, at
    _keep(note, "body", "changed_at")
    _told("note changed", by, note)


@transaction.atomic
def delete(*, by: User, account_id: str, note_id: str, seen: str, at: datetime) -> None:
    """Delete a note: one's own, or as RevOps."""
    try:
        note = _held(by, account_id, note_id)
    except ConflictError:
        return  # it is gone already
    if not notes.may_delete(by, note.author_id):
        raise RefusedError("Only who wrote a note, and RevOps, may delete it.")
    _insist_on(seen, note)
    _told("note deleted", by, note)
    note.delete()


@transaction.atomic
def pin(
    *,
    by: User,
    account_id: str,
    note_id: str,
    is_pinned: bool,
    review: str,
    seen: str,
    at: datetime,
) -> None:
    """Let a note stay on top of the account's page, until ``review`` is a day to look again."""
    note = _held(by, account_id, note_id)
    day = review_day(review) if is_pinned else None
    if (note.is_pinned, note.review_on) == (is_pinned, day):
        return  # the same was sent twice
    _insist_on(seen, note)
    note.is_pinned, note.review_on = is_pinned, day
    _keep(note, "is_pinned", "review_on")
    _told("note pinned" if is_pinned else "note unpinned", by, note, review=day)


def _insist_on_work(by: User, account_id: str) -> None:
    if not tasks.may_work(by):
        raise RefusedError("You may read notes, but not write them.")
    if tasks.subject("", account_id, by) is None:
        raise RefusedError("This account is no longer there.")


def _held(by: User, account_id: str, note_id: str) -> AccountNote:
    """The note, which nobody else changes until the transaction ends."""
    _insist_on_work(by, account_id)
    is_id = note_id.isascii() and note_id.isdigit() and len(note_id) < 18
    rows = AccountNote.objects.select_for_update().filter(account_id=account_id)
    found = rows.filter(pk=int(note_id)).first() if is_id else None
    if found is None:
        raise ConflictError("This note was deleted since you opened it.")
    return found


def _insist_on(seen: str, note: AccountNote) -> None:
    if seen != str(note.version):
        raise ConflictError("This note was changed since you opened it.")


def _keep(note: AccountNote, *fields: str) -> None:
    note.version += 1
    note.save(update_fields=[*fields, "version"])


def _told(action: str, by: User, note: AccountNote, **more: Any) -> None:
    audit.record(action, user=by, target=note.account_id, note=note.pk, on="account", **more)
    freshness.bump()
