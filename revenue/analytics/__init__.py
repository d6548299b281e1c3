"""Revenue's arithmetic: frames of operands in, balances, retention, shares and reasons out."""

from revenue.analytics.ledger import (
    SEGMENTS,
    UNKNOWN,
    blended_target,
    breakdown,
    by_size,
    churn_reasons,
    dominant_reason,
    kpis,
    nrr_by_segment,
    retention,
    sparklines,
    waterfall,
)
from revenue.analytics.rates import kept, rates

__all__ = [
    "SEGMENTS",
    "UNKNOWN",
    "blended_target",
    "breakdown",
    "by_size",
    "churn_reasons",
    "dominant_reason",
    "kept",
    "kpis",
    "nrr_by_segment",
    "rates",
    "retention",
    "sparklines",
    "waterfall",
]
