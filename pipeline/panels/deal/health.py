"""A deal's health: its score, its band, and why each component has its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline import metrics
from pipeline.panels.deal.places import explained
from pipeline.panels.health.deal import Judged

LABELS: Mapping[str, str] = {
    "stage_velocity": "Pace in the stage",
    "activity_recency": "Last activity",
    "stakeholders": "Stakeholders",
    "close_date": "Close date",
    "next_step": "Next step",
    "commercial": "Amount and price",
}
TONES = {"Healthy": "good", "Monitor": "", "At Risk": "warn", "Critical": "bad"}


def drawn(found: Judged | None, deal_id: str) -> Mapping[str, Any] | None:
    """What ``_deal_health.html`` prints; None for a deal that has no score."""
    if found is None:
        return None
    return {
        "score": found.health_score,
        "url": explained(metrics.DEAL_HEALTH.slug, deal_id),
        "band": found.health_category,
        "tone": TONES[found.health_category],
        "parts": [
            {
                "label": LABELS.get(one.name, one.name),
                "url": explained(metrics.DEAL_POINTS[one.name].slug, deal_id),
                "points": one.points,
                "max": one.max,
                "reason": one.reason,
            }
            for one in found.components
        ],
    }
