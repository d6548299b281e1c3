"""The pipeline's sums: what comes and goes by day and week, what is open now, what was done."""

from pipeline.rollups.flows import FLOW_DAYS, FLOW_WEEKS, rerate
from pipeline.rollups.stock import STOCK
from pipeline.rollups.work import ACTIVITY_DAYS, LOCAL_DAY, rezone

ROLLUPS = (FLOW_DAYS, FLOW_WEEKS, STOCK, ACTIVITY_DAYS)

__all__ = [
    "ACTIVITY_DAYS",
    "FLOW_DAYS",
    "FLOW_WEEKS",
    "LOCAL_DAY",
    "ROLLUPS",
    "STOCK",
    "rerate",
    "rezone",
]
