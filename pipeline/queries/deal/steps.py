"""A deal's next step: what somebody set by hand, else what a file or a CRM plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.models import Activity, Deal, NextStep
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed, may

TYPES = {"call": "Call", "email": "E-mail", "meeting": "Meeting", "demo": "Demo", "task": "Task"}
LONGEST = 200
MOST_PLANNED = 5


@dataclass(frozen=True)
class Step:
    """What is to be done: by hand where ``token`` names who set it, else as planned elsewhere."""

    type: str
    text: str
    due: date | None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Steps:
    """The step set by hand, if any, what else is planned, and the ``token`` of this state."""

    by_hand: Step | None
    planned: list[Step]
    token: str


def steps(deal_id: str) -> Steps:
    """What is next for a deal; five plans at most, the soonest first."""
    set_ = standing(deal_id)
    rows = Activity.objects.filter(deal_id=deal_id, is_done=False).order_by("due_date")
    if set_ is not None:
        rows = rows.exclude(activity_id=set_.activity_id)
    told = rows.values_list("type", "subject", "due_date")[:MOST_PLANNED]
    return Steps(step(set_), [Step(*row) for row in told], token(set_))


def standing(deal_id: str) -> NextStep | None:
    """The next step that is set by hand and counts."""
    return NextStep.objects.filter(deal_id=deal_id, ended_at=None).select_related("by").first()


def seen(token_: str, deal_id: str) -> NextStep | None:
    """The step of a deal that a form was opened on."""
    if not (token_.isascii() and token_.isdigit() and len(token_) < 18):
        return None
    return NextStep.objects.filter(pk=int(token_), deal_id=deal_id).select_related("by").first()


def newest(deal_id: str) -> NextStep | None:
    """The step that was set last, whether it still counts or not."""
    rows = NextStep.objects.filter(deal_id=deal_id).select_related("by", "ended_by")
    return rows.first()


def token(set_: NextStep | None) -> str:
    """What a form tells of the state that it was opened on."""
    return str(set_.pk) if set_ else "0"


def step(set_: NextStep | None) -> Step | None:
    """A step set by hand, as pages tell of it."""
    if set_ is None:
        return None
    who = str(set_.by or "Somebody who is gone")
    return Step(set_.type, set_.text, set_.due_date, who, set_.at)


def may_work(by: User, deal: Deal) -> bool:
    """Whether somebody may write on a deal: whoever sees it, but for viewers."""
    reps = allowed(by).reps
    return may(by, "work deals") and (reps is None or deal.owner_id in reps)
