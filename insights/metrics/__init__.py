"""Definitions of what several domains have to tell together."""

from insights.metrics.attribution import (
    BY_DEALS,
    BY_VALUE,
    CREDIT_METRICS,
    MARKOV,
    MARKOV_DEALS,
    TOUCHED,
    TOUCHES_A_DEAL,
)

__all__ = [
    "BY_DEALS",
    "BY_VALUE",
    "CREDIT_METRICS",
    "MARKOV",
    "MARKOV_DEALS",
    "TOUCHED",
    "TOUCHES_A_DEAL",
]
