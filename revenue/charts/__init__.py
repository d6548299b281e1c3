"""Revenue's figures: a frame in, a figure out."""

from revenue.charts.balances import customers
from revenue.charts.balances import groups as balances
from revenue.charts.ledger import by_plan, movements, nrr_by_segment, reasons, retention
from revenue.charts.lives import survival
from revenue.charts.rates import churn, leaving, notices, quick_ratio, returns, trends

__all__ = [
    "balances",
    "by_plan",
    "churn",
    "customers",
    "leaving",
    "movements",
    "notices",
    "nrr_by_segment",
    "quick_ratio",
    "reasons",
    "retention",
    "returns",
    "survival",
    "trends",
]
