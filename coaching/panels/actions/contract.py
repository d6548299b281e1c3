"""The published contract's next best actions: exactly its fields."""

from __future__ import annotations

from typing import Any

from coaching.panels.actions import words
from coaching.panels.priorities import Action, actions
from coaching.panels.team.known import DATASETS
from pipeline.queries.widgets import stamps
from revops_site.kernel.filters import Slice

NO_FLAG = "FOLLOW_UP"


def next_best_actions(slice_: Slice) -> list[dict[str, Any]]:
    """NextBestAction, a row for each: the first ten of each rep, reps by their ids."""
    common = stamps(DATASETS)
    return [{**row(one, slice_.currency), **common} for one in actions(slice_)]


def row(one: Action, currency: str) -> dict[str, Any]:
    """One action by the names of the contract."""
    kind = words.TYPES.get(one.row["primary_action"], one.row["primary_action"])
    best = words.hours(one)
    value = one.row["value"]
    return {
        "action_id": action_id(one),
        "rep_id": one.ranked.deal.rep_id,
        "opportunity_id": one.ranked.deal.opportunity_id,
        "account_name": one.row["account_name"] or one.row["deal_name"],
        "contact_name": one.row["action_target"],
        "contact_role": one.contact_role,
        "action_type": kind,
        "action_reason": one.row["action_reason"],
        "priority_score": one.ranked.priority_score,
        "priority_rank": one.ranked.priority_rank,
        "best_time_start": best and best[0],
        "best_time_end": best and best[1],
        "urgency": one.ranked.urgency,
        "deal_amount": None if value is None else float(value),
        "deal_health": one.row["health_score"],
        "days_since_contact": one.row["days_since_activity"],
        "risk_if_delayed": words.delay(one.row, currency),
        "action_icon": words.ICONS[kind],
        "time_display": words.when(one),
    }


def action_id(one: Action) -> str:
    """The same as long as the deal needs the same thing for the same reason."""
    return f"{one.ranked.deal.opportunity_id}:{one.cause.action}:{one.cause.flag or NO_FLAG}"
