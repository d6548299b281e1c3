"""What is kept of several domains: journeys, the credit written for them, the paths of leads."""

from insights.rollups.credits import behind, follow, mark_all, ready, tell
from insights.rollups.ended import (
    CREDIT_DAYS,
    DEAL_MOVES,
    LEAD_MOVES,
    MOVES,
    PARTS,
    line_sql,
)
from insights.rollups.journeys import DEAL_JOURNEYS, LEAD_JOURNEYS
from insights.rollups.leads import ANSWERS, LEAD_ANSWERS, LEAD_PATHS, PATHS, STEPS, TAKEN

ROLLUPS = (
    DEAL_JOURNEYS,
    LEAD_JOURNEYS,
    CREDIT_DAYS,
    DEAL_MOVES,
    LEAD_MOVES,
    LEAD_PATHS,
    LEAD_ANSWERS,
)

__all__ = [
    "ANSWERS",
    "CREDIT_DAYS",
    "DEAL_JOURNEYS",
    "DEAL_MOVES",
    "LEAD_ANSWERS",
    "LEAD_JOURNEYS",
    "LEAD_MOVES",
    "LEAD_PATHS",
    "MOVES",
    "PARTS",
    "PATHS",
    "ROLLUPS",
    "STEPS",
    "TAKEN",
    "behind",
    "follow",
    "line_sql",
    "mark_all",
    "ready",
    "tell",
]
