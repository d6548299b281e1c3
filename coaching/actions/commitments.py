"""Settles what was committed to in a 1:1, or carries it over to a later day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from coaching.actions.meetings import day
from coaching.models import Commitment
from coaching.queries import meetings
from pipeline.actions.work import ConflictError, RefusedError
from revops_site.kernel import audit
from revops_site.kernel.models import User

LATER = "Somebody has changed this commitment since you opened it."
State = Commitment.State


@transaction.atomic
def settle(
    *, by: User, commitment_id: int, do: str, seen: str, due: str, at: datetime
) -> Commitment | None:
    """Mark it done or not done, open it again, carry it over to the day ``due``, or take it out.

    ``seen`` is the version that the form was opened on. None where there is no such commitment;
    ConflictError where it was changed since.
    """
    if not meetings.commitments(by).filter(pk=commitment_id).exists():
        return None
    rows = Commitment.objects.select_for_update(of=("self",)).select_related("meeting")
    found = rows.get(pk=commitment_id)
    change = DOES.get(do)
    if change is None:
        raise RefusedError("There is nothing of that name to do with a commitment.")
    if do in State.values and found.state == do:
        return found  # the same was sent twice
    if seen != str(found.version):
        raise ConflictError(LATER)
    action = change(found, due, at)
    if found.pk and do != "take out":
        found.version += 1
        found.changed_by = by
        found.save()
    audit.record(
        action,
        user=by,
        target=found.meeting.rep_id,
        meeting=found.meeting_id,
        commitment=commitment_id,
        due=found.due_date,
    )
    return found


def _done(found: Commitment, due: str, at: datetime) -> str:
    found.state, found.settled_at = State.DONE, at
    return "commitment done"


def _not_done(found: Commitment, due: str, at: datetime) -> str:
    found.state, found.settled_at = State.NOT_DONE, at
    return "commitment not done"


def _open(found: Commitment, due: str, at: datetime) -> str:
    found.state, found.settled_at = State.OPEN, None
    return "commitment opened again"


def _carry(found: Commitment, due: str, at: datetime) -> str:
    later = day(due)
    if found.state != State.OPEN:
        raise RefusedError("It is settled: open it again first.")
    if later <= found.due_date:
        raise RefusedError("Choose a later day to carry it over to.")
    found.due_date, found.carried = later, found.carried + 1
    return "commitment carried over"


def _take_out(found: Commitment, due: str, at: datetime) -> str:
    if found.meeting.closed_at is not None:
        raise RefusedError("What was committed to in a closed 1:1 is done or not done.")
    Commitment.objects.filter(pk=found.pk).delete()
    return "commitment taken out"


DOES: Mapping[str, Callable[[Commitment, str, datetime], str]] = {
    State.DONE: _done,
    State.NOT_DONE: _not_done,
    State.OPEN: _open,
    "carry": _carry,
    "take out": _take_out,
}
