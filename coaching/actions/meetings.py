"""Starts and closes 1:1s, keeps their notes; of two who write at once nobody loses a word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from coaching.models import Commitment, Meeting
from coaching.queries import meetings
from pipeline.actions.work import ConflictError, RefusedError, line
from revops_site.kernel import audit
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed

QUIET = timedelta(minutes=10)
LATER = "This 1:1 was closed since you opened it: its notes are as they were then."


class NotesConflictError(ConflictError):
    """Somebody else has changed the notes meanwhile."""


@transaction.atomic
def start(*, by: User, rep_id: str, since: date, at: datetime) -> Meeting | None:
    """Begin a 1:1 with a rep of one's team; the one that is open where there is one.

    ``since`` is the last day that was spoken of. None where this is no rep of the manager's.
    """
    if by.role != User.Role.MANAGER or rep_id not in (allowed(by).reps or ()):
        return None
    made, is_new = Meeting.objects.get_or_create(
        rep_id=rep_id, manager=by, closed_at=None, defaults={"since": since, "opened_at": at}
    )
    if is_new:
        audit.record("1:1 started", user=by, target=rep_id, meeting=made.pk)
    return made


@transaction.atomic
def write(
    *, by: User, meeting_id: int, given: Mapping[str, str], at: datetime, mine: bool = False
) -> Meeting | None:
    """Keep what was typed: ``notes`` on the version ``seen``, and a commitment where one was named.

    With ``mine`` both texts are kept, one below the other, where they differ. None of no such 1:1;
    NotesConflictError where the notes were changed since, with nothing kept.
    """
    found = held(by, meeting_id)
    if found is None:
        return None
    _keep_notes(found, by, given, at, mine=mine)
    if given.get("what", "").strip():
        _commit(found, by, given, at)
    return found


@transaction.atomic
def jot(*, by: User, meeting_id: int, given: Mapping[str, str], at: datetime) -> Meeting | None:
    """Keep the notes alone, as they are being typed; as ``write`` otherwise."""
    found = held(by, meeting_id)
    if found is not None:
        _keep_notes(found, by, given, at, mine=False)
    return found


@transaction.atomic
def close(
    *, by: User, meeting_id: int, given: Mapping[str, str], reached: date, at: datetime
) -> Meeting | None:
    """End a 1:1 with all that was typed; the next one begins after the day ``reached``."""
    if by.role != User.Role.MANAGER:
        raise RefusedError("The manager of a 1:1 closes it.")
    found = write(by=by, meeting_id=meeting_id, given=given, at=at)
    if found is None:
        return None
    found.closed_at, found.reached = at, max(reached, found.since)
    found.save(update_fields=["closed_at", "reached"])
    _told("1:1 closed", by, found)
    return found


@transaction.atomic
def reopen(*, by: User, meeting_id: int) -> Meeting | None:
    """Open the newest 1:1 again, where its closing was too early."""
    found = meetings.seen(by).filter(pk=meeting_id).first()
    if found is None:
        return None
    if found.closed_at is None:
        return found  # the same was sent twice
    if by.role != User.Role.MANAGER:
        raise RefusedError("The manager of a 1:1 opens it again.")
    of_two = Meeting.objects.select_for_update().filter(rep=found.rep_id, manager=by)
    if any(one.opened_at > found.opened_at for one in of_two):
        raise RefusedError("There was another 1:1 since: only the newest can be opened again.")
    Meeting.objects.filter(pk=meeting_id).update(closed_at=None, reached=None)
    _told("1:1 opened again", by, found)
    return found


def held(by: User, meeting_id: int) -> Meeting | None:
    """An open 1:1 that somebody may see, which nobody else changes until the transaction ends."""
    if not meetings.seen(by).filter(pk=meeting_id).exists():
        return None
    found = Meeting.objects.select_for_update().get(pk=meeting_id)
    if found.closed_at is not None:
        raise ConflictError(LATER)
    return found


def _keep_notes(
    found: Meeting, by: User, given: Mapping[str, str], at: datetime, *, mine: bool
) -> None:
    if "notes" not in given:
        return
    text = _plain(given["notes"])
    if text == found.notes:
        return  # the same was sent twice
    if given.get("seen", "") != str(found.version):
        if not mine:
            raise NotesConflictError("The notes were changed since you opened them.")
        text = f"{found.notes}\n\n{text}" if text and text not in found.notes else found.notes
    if len(text) > meetings.LONGEST_NOTES:
        longest = f"{meetings.LONGEST_NOTES:,}"
        raise RefusedError(f"At most {longest} characters fit; this has {len(text):,}.")
    # Who types is saved again and again: that is one change of the notes, not a hundred.
    is_going_on = (
        found.changed_at and found.changed_by_id == by.pk and at - found.changed_at < QUIET
    )
    found.notes, found.version = text, found.version + 1
    found.changed_by, found.changed_at = by, at
    found.save(update_fields=["notes", "version", "changed_by", "changed_at"])
    if not is_going_on:
        _told("1:1 notes written", by, found)


def _plain(text: str) -> str:
    """The text without what has no shape, its blank lines and spaces as they were typed."""
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(one if one.isprintable() or one in "\n\t" else " " for one in kept)


def _commit(found: Meeting, by: User, given: Mapping[str, str], at: datetime) -> None:
    text = line(given["what"], meetings.LONGEST_COMMITMENT, "what is to be done")
    whose = given.get("whose", "")
    if whose not in Commitment.Whose.values:
        raise RefusedError("Choose who is to do it.")
    made = Commitment.objects.create(
        meeting=found,
        whose=whose,
        text=text,
        due_date=day(given.get("due", "")),
        changed_by=by,
        at=at,
    )
    _told("commitment made", by, found, commitment=made.pk, due=made.due_date)


def day(text: str) -> date:
    """A day as it was typed."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise RefusedError("Give the day on which it is due, such as 2026-03-31.") from None
    if not date(2000, 1, 1) <= found <= date(2100, 12, 31):
        raise RefusedError("Give a day of this century.")
    return found


def _told(action: str, by: User, found: Meeting, **more: Any) -> None:
    """Says that something was written, never what: the record of who did what is read by others."""
    audit.record(action, user=by, target=found.rep_id, meeting=found.pk, **more)
