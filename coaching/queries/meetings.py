"""1:1s: whose they are, who may see them, and what was committed to that is not settled yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from coaching.models import Commitment, Meeting
from coaching.models.meetings import LONGEST_COMMITMENT, LONGEST_NOTES
from revops_site.kernel.models import Rep, User
from revops_site.kernel.permissions import allowed, may

__all__ = ["LONGEST_COMMITMENT", "LONGEST_NOTES", "MOST", "Commitment", "Meeting"]

MOST = 100
OPEN = Commitment.State.OPEN


def seen(by: User) -> QuerySet[Meeting]:
    """The 1:1s that somebody may see: a rep the own ones, a manager those that this person held.

    Of a rep who is no longer of the manager's team the manager sees none.
    """
    rows = Meeting.objects.select_related("manager", "changed_by", "rep")
    if not may(by, "attend 1:1s"):
        return rows.none()
    if by.role == User.Role.REP:
        return rows.filter(rep=by.rep_id) if by.rep_id else rows.none()
    return rows.filter(manager=by, rep__in=allowed(by).reps or ())


def of_pair(by: User, rep_id: str) -> Sequence[Meeting]:
    """Those with a rep that somebody may see, the newest first; 100 at most."""
    return list(seen(by).filter(rep=rep_id)[:MOST])


def is_led(one: Meeting) -> bool:
    """Whether the manager of a 1:1 still leads the rep's team."""
    manager = one.manager
    if manager is None or not manager.is_active or manager.role != User.Role.MANAGER:
        return False
    return manager.team_id is not None and manager.team_id == one.rep.team_id


def managers(rep_id: str) -> Sequence[User]:
    """Who may hold 1:1s with a rep now."""
    team = Rep.objects.filter(pk=rep_id).values("team")
    people = User.objects.filter(role=User.Role.MANAGER, is_active=True, team__in=team)
    return list(people.order_by("pk"))


def commitments(by: User) -> QuerySet[Commitment]:
    """Those of the 1:1s that somebody may see."""
    rows = Commitment.objects.select_related("meeting__manager", "meeting__rep", "changed_by")
    return rows.filter(Exists(seen(by).order_by().filter(pk=OuterRef("meeting_id"))))


def of_meeting(one: Meeting) -> Sequence[Commitment]:
    """What the two of a 1:1 had committed themselves to before it, and did in it.

    Of what was settled before it began nothing is told; what is open comes first, by its day.
    """
    of_two = Commitment.objects.filter(meeting__rep=one.rep_id, meeting__manager=one.manager_id)
    rows = of_two.filter(meeting__opened_at__lte=one.opened_at)
    rows = rows.select_related("changed_by", "meeting")
    rows = rows.filter(Q(state=OPEN) | Q(settled_at__gte=_settled_from(one)))
    return list(rows[:MOST])


def open_of(by: User, rep_id: str) -> Sequence[Commitment]:
    """What is not settled of the 1:1s with a rep, by its day."""
    return list(commitments(by).filter(meeting__rep=rep_id, state=OPEN)[:MOST])


def due(by: User, today: date) -> Sequence[Commitment]:
    """What somebody has committed to that is due by now, the longest overdue first."""
    if not may(by, "attend 1:1s"):
        return ()
    whose = "rep" if by.role == User.Role.REP else "manager"
    rows = commitments(by).filter(whose=whose, state=OPEN, due_date__lte=today)
    return list(rows[:MOST])


def _settled_from(one: Meeting) -> Any:
    """Since when what was settled is news to a 1:1: the one before it was closed then."""
    before = Meeting.objects.filter(
        rep=one.rep_id, manager=one.manager_id, closed_at__lte=one.opened_at
    )
    last = before.order_by("-closed_at").values_list("closed_at", flat=True).first()
    return last or one.opened_at
