"""What marketing's files promise."""

from marketing.datasets.budgets import BUDGET_RATE, MARKETING_BUDGETS
from marketing.datasets.channels import FX_RATE, MARKETING_CHANNELS
from marketing.datasets.leads import LEADS
from marketing.datasets.touchpoints import TOUCHPOINTS

DATASETS = (MARKETING_CHANNELS, MARKETING_BUDGETS, LEADS, TOUCHPOINTS)

__all__ = [
    "BUDGET_RATE",
    "DATASETS",
    "FX_RATE",
    "LEADS",
    "MARKETING_BUDGETS",
    "MARKETING_CHANNELS",
    "TOUCHPOINTS",
]
