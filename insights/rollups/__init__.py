"""What is kept of several domains: journeys, the credit written for them, the paths of leads."""

from insights.rollups.credits import behind, follow, mark_all, ready, tell
from insights.rollups.journeys import DEAL_JOURNEYS, LEAD_JOURNEYS
from insights.rollups.leads import ANSWERS, LEAD_ANSWERS, LEAD_PATHS, PATHS, STEPS, TAKEN

ROLLUPS = (DEAL_JOURNEYS, LEAD_JOURNEYS, LEAD_PATHS, LEAD_ANSWERS)

__all__ = [
    "ANSWERS",
    "DEAL_JOURNEYS",
    "LEAD_ANSWERS",
    "LEAD_JOURNEYS",
    "LEAD_PATHS",
    "PATHS",
    "ROLLUPS",
    "STEPS",
    "TAKEN",
    "behind",
    "follow",
    "mark_all",
    "ready",
    "tell",
]
