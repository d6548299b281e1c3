"""Pipeline's arithmetic: frames of operands in, rates, ranges and changes over time out."""

from pipeline.analytics.flow import FLOWS, WEEKLY_UP_TO, flow, unit
from pipeline.analytics.groups import NOBODY, owner_performance, stage_distribution
from pipeline.analytics.kpis import kpis, sparklines, win_rate_range
from pipeline.analytics.rates import FEW, RATE, win_rates
from pipeline.analytics.segments import (
    ENDS,
    NO_SEGMENT,
    SEGMENTS,
    cycle_by_segment,
    win_rate_by_segment,
)

__all__ = [
    "ENDS",
    "FEW",
    "FLOWS",
    "NOBODY",
    "NO_SEGMENT",
    "RATE",
    "SEGMENTS",
    "WEEKLY_UP_TO",
    "cycle_by_segment",
    "flow",
    "kpis",
    "owner_performance",
    "sparklines",
    "stage_distribution",
    "unit",
    "win_rate_by_segment",
    "win_rate_range",
    "win_rates",
]
