"""A deal's health: its score, its band, why each component has its points, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.panels.deal import words
from pipeline.panels.health import deal as of_deal
from pipeline.panels.health.deal import Flagged

LABELS: Mapping[str, str] = {
    "stage_velocity": "Pace in the stage",
    "activity_recency": "Last activity",
    "stakeholders": "Stakeholders",
    "close_date": "Close date",
    "next_step": "Next step",
    "commercial": "Amount and price",
}
TONES = {"Healthy": "good", "Monitor": "", "At Risk": "warn", "Critical": "bad"}
LEVELS = {"CRITICAL": "critical", "HIGH": "high", "MEDIUM": "medium", "LOW": "low"}


def drawn(deal_id: str) -> Mapping[str, Any] | None:
    """What ``_deal_health.html`` prints; None for a deal that has no score.

    A deal has one while it is open and not omitted from the forecast.
    """
    found = of_deal.of_deal(deal_id)
    if found is None:
        return None
    return {
        "score": found.health_score,
        "band": found.health_category,
        "tone": TONES[found.health_category],
        "urgency": LEVELS.get(found.urgency, found.urgency),
        "slip_risk": LEVELS.get(found.slip_risk, found.slip_risk),
        "action": _action(found),
        "flags": [_flag(one) for one in found.flags],
        "parts": [
            {
                "label": LABELS.get(one.name, one.name),
                "points": one.points,
                "max": one.max,
                "reason": one.reason,
            }
            for one in found.components
        ],
    }


def _action(found: of_deal.Judged) -> str:
    whom = f" {found.action_target}" if found.action_target else ""
    why = f": {found.action_reason}" if found.action_reason else ""
    return f"{found.primary_action.capitalize()}{whom}{why}"


def _flag(one: Flagged) -> Mapping[str, Any]:
    muted = one.muted
    until = f" until {words.day(muted.until)['at']}" if muted and muted.until else ""
    said = f"Muted{until} by {muted.who}: {muted.why}" if muted else ""
    return {"label": one.label, "why": one.why, "muted": said}
