"""A deal's health: its score, its band, and why each of the six components has its points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.analytics import health
from pipeline.queries import standing
from revops_site.kernel.filters import Slice

LABELS: Mapping[str, str] = {
    "stage_velocity": "Pace in the stage",
    "activity_recency": "Last activity",
    "stakeholders": "Stakeholders",
    "close_date": "Close date",
    "next_step": "Next step",
    "commercial": "Amount and price",
}
TONES = {"Healthy": "good", "Monitor": "", "At Risk": "warn", "Critical": "bad"}


def drawn(deal_id: str, slice_: Slice) -> Mapping[str, Any] | None:
    """What ``_deal_health.html`` prints; None for a deal that has no score.

    A deal has one while it is open and not omitted from the forecast.
    """
    known = standing.some_open_deals(slice_, (deal_id,))
    if known.empty:
        return None
    scored = health.with_health(known.assign(amount=known["own_amount"]), slice_.as_of)
    row = {str(name): value for name, value in scored.iloc[0].items()}
    band = str(row["health_category"])
    return {
        "score": int(row["health_score"]),
        "band": band,
        "tone": TONES[band],
        "parts": [
            {
                "label": LABELS[one.name],
                "points": one.points,
                "max": one.max,
                "reason": one.reason,
            }
            for one in health.components(row, slice_.as_of)
        ],
    }
