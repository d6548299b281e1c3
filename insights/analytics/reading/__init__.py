"""Frames of operands as the facts that rules look at."""

from insights.analytics.reading.marketing import channels, lead_costs
from insights.analytics.reading.people import work
from insights.analytics.reading.pipeline import decided, outlook, pace, paces, stage_times, stuck
from insights.analytics.reading.revenue import churn, reasons, retention
from insights.analytics.reading.rows import rows
from insights.analytics.reading.series import points

__all__ = [
    "channels",
    "churn",
    "decided",
    "lead_costs",
    "outlook",
    "pace",
    "paces",
    "points",
    "reasons",
    "retention",
    "rows",
    "stage_times",
    "stuck",
    "work",
]
