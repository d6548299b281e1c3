"""A deal's next step: what somebody set by hand, else what a file or a CRM plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.db.models.functions import JSONObject

from pipeline.models import Activity, Deal, NextStep
from pipeline.queries.called import GONE, person
from revops_site.kernel.models import User
from revops_site.kernel.permissions import allowed, may

TYPES = {"call": "Call", "email": "E-mail", "meeting": "Meeting", "demo": "Demo", "task": "Task"}
LONGEST = 200
LOOKED_AT = 20  # plans, the latest: what nobody did for long hides none that lies ahead


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


# Asked for along with the deal itself.
TOLD: Mapping[str, ArraySubquery] = {
    "step_set": ArraySubquery(
        NextStep.objects.filter(deal_id=OuterRef("pk"), ended_at=None).values(
            told=JSONObject(
                id="pk",
                activity="activity_id",
                type="type",
                text="text",
                due="due_date",
                by=person("by"),
                at="at",
            )
        )[:1]
    ),
    "steps_planned": ArraySubquery(
        Activity.objects.filter(deal_id=OuterRef("pk"), is_done=False)
        .order_by(F("due_date").desc(nulls_last=True), "activity_id")
        .values(told=JSONObject(id="activity_id", type="type", text="subject", due="due_date"))[
            :LOOKED_AT
        ]
    ),
}


def steps(deal_id: str) -> Steps:
    """What is next for a deal; of many plans the latest, the soonest of them first."""
    return read(Deal.objects.filter(pk=deal_id).annotate(**TOLD).values(*TOLD).first() or {})


def read(told: Mapping[str, Sequence[Mapping[str, Any]]]) -> Steps:
    """The same of what was asked for along with the deal."""
    set_ = next(iter(told.get("step_set", ())), None)
    plans = [
        Step(one["type"], one["text"], _day(one["due"]))
        for one in told.get("steps_planned", ())
        if set_ is None or one["id"] != set_["activity"]
    ]
    plans.sort(key=lambda one: one.due or date.max)
    if set_ is None:
        return Steps(None, plans, token(None))
    who = set_["by"] or GONE
    at = datetime.fromisoformat(set_["at"])
    by_hand = Step(set_["type"], set_["text"], _day(set_["due"]), who, at)
    return Steps(by_hand, plans, str(set_["id"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


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
    who = str(set_.by or GONE)
    return Step(set_.type, set_.text, set_.due_date, who, set_.at)


def may_work(by: User, deal: Deal) -> bool:
    """Whether somebody may write on a deal: whoever sees it, but for viewers."""
    reps = allowed(by).reps
    return may(by, "work deals") and (reps is None or deal.owner_id in reps)
