"""What is kept of several domains: journeys, the credit written for them, the paths of leads."""

from insights.rollups.brief import CREDIT_LINES, DEAL_BRIEFS, PART, WORTH, rerate
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
    DEAL_BRIEFS,
    CREDIT_LINES,
    CREDIT_DAYS,
    DEAL_MOVES,
    LEAD_MOVES,
    LEAD_PATHS,
    LEAD_ANSWERS,
)

__all__ = [
    "ANSWERS",
    "CREDIT_DAYS",
    "CREDIT_LINES",
    "DEAL_BRIEFS",
    "DEAL_JOURNEYS",
    "DEAL_MOVES",
    "LEAD_ANSWERS",
    "LEAD_JOURNEYS",
    "LEAD_MOVES",
    "LEAD_PATHS",
    "MOVES",
    "PART",
    "PARTS",
    "PATHS",
    "ROLLUPS",
    "STEPS",
    "TAKEN",
    "WORTH",
    "behind",
    "follow",
    "line_sql",
    "mark_all",
    "ready",
    "rerate",
    "tell",
]
