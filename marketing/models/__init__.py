"""What is true in marketing: each day's money and events, each touch, and their sums."""

from marketing.models.days import MarketingDay
from marketing.models.rollups import CampaignMonth, MarketingRollup
from marketing.models.touchpoints import Touchpoint

__all__ = ["CampaignMonth", "MarketingDay", "MarketingRollup", "Touchpoint"]
