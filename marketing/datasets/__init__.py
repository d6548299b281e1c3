"""What marketing's files promise."""

from marketing.datasets.channels import FX_RATE, MARKETING_CHANNELS
from marketing.datasets.touchpoints import TOUCHPOINTS

DATASETS = (MARKETING_CHANNELS, TOUCHPOINTS)

__all__ = ["DATASETS", "FX_RATE", "MARKETING_CHANNELS", "TOUCHPOINTS"]
