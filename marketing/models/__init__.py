"""What is true in marketing: each day's money and events, budgets, each touch, and their sums."""

from marketing.models.budgets import MarketingBudget
from marketing.models.days import MarketingDay
from marketing.models.leads import Lead
from marketing.models.rollups import CampaignMonth, CurrencyMonth, MarketingRollup
from marketing.models.touchpoints import Touchpoint

__all__ = [
    "CampaignMonth",
    "CurrencyMonth",
    "Lead",
    "MarketingBudget",
    "MarketingDay",
    "MarketingRollup",
    "Touchpoint",
]
