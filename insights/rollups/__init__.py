"""What is kept of several domains: journeys, and the credit that is written for them."""

from insights.rollups.credits import behind, follow, mark_all, ready, tell
from insights.rollups.journeys import DEAL_JOURNEYS, LEAD_JOURNEYS

ROLLUPS = (DEAL_JOURNEYS, LEAD_JOURNEYS)

__all__ = [
    "DEAL_JOURNEYS",
    "LEAD_JOURNEYS",
    "ROLLUPS",
    "behind",
    "follow",
    "mark_all",
    "ready",
    "tell",
]
