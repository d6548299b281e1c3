"""The pipeline's sums: what comes and goes, what is open now, how deals were, what was done."""

from pipeline.rollups.flows import FLOW_DAYS, FLOW_WEEKS, rerate
from pipeline.rollups.past import PAST
from pipeline.rollups.stays import STAYS
from pipeline.rollups.stock import STOCK
from pipeline.rollups.work import ACTIVITY_DAYS, LOCAL_DAY, rezone

ROLLUPS = (FLOW_DAYS, FLOW_WEEKS, STOCK, PAST, STAYS, ACTIVITY_DAYS)

__all__ = [
    "ACTIVITY_DAYS",
    "FLOW_DAYS",
    "FLOW_WEEKS",
    "LOCAL_DAY",
    "PAST",
    "ROLLUPS",
    "STAYS",
    "STOCK",
    "replan",
    "rerate",
    "rezone",
]


def replan() -> None:
    """Sum anew what rests on the stages: how likely deals are won, and which stages are later."""
    STOCK.rebuild()
    STAYS.rebuild()
