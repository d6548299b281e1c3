"""Revenue's figures: a frame in, a figure out."""

from revenue.charts.ledger import by_plan, movements, nrr_by_segment, reasons, retention
from revenue.charts.rates import churn, quick_ratio

__all__ = [
    "by_plan",
    "churn",
    "movements",
    "nrr_by_segment",
    "quick_ratio",
    "reasons",
    "retention",
]
