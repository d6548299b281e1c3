"""Commitments as pages show them: in a 1:1, and among what is due today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from coaching.queries import meetings
from coaching.queries.meetings import Commitment
from pipeline.panels.deal import words
from pipeline.queries.called import GONE
from revops_site.kernel import freshness
from revops_site.kernel.queries import workspace

WEEK = timedelta(days=7)
STATES = {"done": ("Done", "good"), "not done": ("Not done", "bad")}


def later(today: date) -> str:
    """The day that is offered for what is to be done next."""
    return (today + WEEK).isoformat()


def one(
    found: Commitment, names: Mapping[str, str], today: date, meeting_id: int | None
) -> dict[str, Any]:
    """What is printed of a commitment in the 1:1 of that id."""
    is_open = found.state == "open"
    label, tone = STATES.get(found.state, ("", ""))
    times = {0: "", 1: "carried over once"}.get(
        found.carried, f"carried over {found.carried} times"
    )
    return {
        "id": found.pk,
        "url": f"/coaching/commitments/{found.pk}/",
        "text": found.text,
        "whose": names[found.whose],
        "due": words.day(found.due_date),
        "late": is_open and found.due_date < today,
        "today": is_open and found.due_date == today,
        "state": label,
        "tone": tone,
        "settled": words.moment(found.settled_at) if found.settled_at else None,
        "carried": times,
        "is_open": is_open,
        "is_own": found.meeting_id == meeting_id,
        "version": str(found.version),
        "later": later(max(today, found.due_date)),
    }


def due(by: Any) -> Sequence[Mapping[str, Any]]:
    """What a reader committed to that is due by now, each with its 1:1."""
    today = freshness.stamp(workspace())
    return [
        {
            **one(
                found,
                {"rep": found.meeting.rep.name, "manager": str(found.meeting.manager or GONE)},
                today,
                None,
            ),
            "with": _other(found),
            "of": f"/coaching/reps/{quote(found.meeting.rep_id, safe='')}/one-on-one/",
        }
        for found in meetings.due(by, today)
    ]


def _other(found: Commitment) -> str:
    """To whom it was promised."""
    if found.whose == "manager":
        return found.meeting.rep.name
    return str(found.meeting.manager or GONE)
