"""The page of a 1:1: before it is started, while it is open, and once it is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from coaching.panels import rep as of_rep
from coaching.panels.meetings import agenda, promised
from coaching.queries import meetings
from coaching.queries.meetings import Meeting
from coaching.queries.people import Person
from pipeline.panels.deal import words
from pipeline.queries.called import GONE
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import workspace

NONE = "There is no such 1:1, or it is not yours to see."
TYPED = ("notes", "what", "whose", "due")


def address(rep_id: str, meeting_id: int | None = None) -> str:
    """Where the 1:1 of now is, or one of those before."""
    way = f"{of_rep.address(rep_id)}one-on-one/"
    return f"{way}{meeting_id}/" if meeting_id else way


def current(by: Any, rep_id: str) -> Meeting | None:
    """The 1:1 that is open; of several, that with who leads the rep's team."""
    found = [one for one in meetings.of_pair(by, rep_id) if one.closed_at is None]
    return next((one for one in found if meetings.is_led(one)), found[0] if found else None)


def begins_after(by: Any, whose: Person) -> date:
    """The last day that the last 1:1 spoke of; without one, the last of the quarter before."""
    closed = [one for one in meetings.of_pair(by, whose.rep_id) if one.reached]
    last = next((one.reached for one in closed if meetings.is_led(one)), None)
    return last or agenda.quarter_before(newest(by, whose.rep_id))


def newest(by: Any, rep_id: str, day: date | None = None) -> Slice:
    """The rep's figures as of the last day of the data, or an earlier one."""
    return agenda.of(rep_id, allowed(by), day)


def page(
    by: Any, whose: Person, one: Meeting | None, said: Mapping[str, Any], token: str
) -> dict[str, Any]:
    """What ``one_on_one.html`` prints; ``said`` is what was sent and could not be kept."""
    slice_ = newest(by, whose.rep_id, one.reached if one else None)
    after = one.since if one else begins_after(by, whose)
    past = meetings.of_pair(by, whose.rep_id)
    with_ = _with(by, whose, one)
    here = address(whose.rep_id, one.pk if one else None)
    title = f"1:1 with {with_}"
    return {
        "title": title,
        "tabs": of_rep.tabs_of(slice_, whose, "", address(whose.rep_id)),
        "readers": _readers(whose, one),
        "with": with_,
        "when": words.moment(one.opened_at) if one else None,
        "state": ("closed" if one.closed_at else "open") if one else "none",
        "first": not any(other.reached for other in past if one is None or other.pk != one.pk),
        "agenda": lambda: agenda.drawn(slice_, whose, after),
        "meeting": drawn(by, whose, one, said, token) if one else None,
        "commitments": [] if one else _left(by, whose),
        "may_start": one is None and by.role == "manager",
        "may_lead": by.role == "manager",
        "past": [
            {
                "url": address(whose.rep_id, other.pk),
                "on": words.moment(other.opened_at),
                "with": str(other.manager or GONE),
                "state": "Open" if other.closed_at is None else "",
                "current": one is not None and other.pk == one.pk,
            }
            for other in past
        ],
        "here": here,
        "token": token,
        "error": said.get("error", "") if one is None else "",
        "address": here,
    }


def drawn(
    by: Any, whose: Person, one: Meeting, said: Mapping[str, Any], token: str
) -> dict[str, Any]:
    """What the forms of a 1:1 print: its notes, and what was committed to before and in it."""
    today = freshness.stamp(workspace())
    names = {"rep": whose.name, "manager": str(one.manager or GONE)}
    given = {name: said[name] for name in TYPED if name in said}
    return {
        "id": one.pk,
        "url": address(whose.rep_id, one.pk),
        "token": token,
        "is_open": one.closed_at is None,
        "may_lead": by.role == "manager",
        "notes": one.notes,
        "typed": given.get("notes", one.notes),
        "version": str(one.version),
        "seen": said.get("seen", str(one.version)) if said.get("is_conflict") else str(one.version),
        "who": str(one.changed_by or GONE) if one.changed_at else "",
        "at": words.moment(one.changed_at) if one.changed_at else None,
        "error": said.get("error", ""),
        "is_conflict": bool(said.get("is_conflict")),
        "is_new": bool(said.get("is_new")),
        "commitments": [
            promised.one(found, names, today, one.pk) for found in meetings.of_meeting(one)
        ],
        "wrong": said.get("wrong", ""),
        "form": {
            "what": given.get("what", ""),
            "whose": given.get("whose", "rep"),
            "due": given.get("due", promised.later(today)),
        },
        "people": [{"value": value, "name": name} for value, name in names.items()],
        "longest": meetings.LONGEST_NOTES,
        "longest_what": meetings.LONGEST_COMMITMENT,
    }


def _left(by: Any, whose: Person) -> Sequence[Mapping[str, Any]]:
    """What is still open of the 1:1s before, while none is started."""
    today = freshness.stamp(workspace())
    return [
        promised.one(
            found,
            {"rep": whose.name, "manager": str(found.meeting.manager or GONE)},
            today,
            None,
        )
        for found in meetings.open_of(by, whose.rep_id)
    ]


def _readers(whose: Person, one: Meeting | None) -> str:
    """Whose the notes are."""
    if one is None:
        return f"{whose.name} and who starts it"
    return f"{whose.name} and {one.manager}" if one.manager else whose.name


def _with(by: Any, whose: Person, one: Meeting | None) -> str:
    """Who the other one is, as the reader calls them."""
    if by.role == "manager":
        return whose.name
    if one is not None:
        return str(one.manager or GONE)
    found = [str(manager) for manager in meetings.managers(whose.rep_id)]
    return " or ".join(found) or "your manager"
