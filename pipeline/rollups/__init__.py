"""The pipeline's sums: how deals were, what comes and goes, what is open now, what was done."""

from pipeline.rollups.flows import FLOW_DAYS, FLOW_WEEKS, rerate
from pipeline.rollups.health import HEALTH, mark_all
from pipeline.rollups.past import PAST
from pipeline.rollups.renames import rename
from pipeline.rollups.stays import STAYS
from pipeline.rollups.stock import STOCK
from pipeline.rollups.work import ACTIVITY_DAYS, LOCAL_DAY, rezone
from revops_site.kernel.rollups import Followed

DEALS, PAID = Followed("deals"), Followed("paid")

# What was created counts with its first amount, which is kept with the pasts: they come first.
ROLLUPS = (PAST, FLOW_DAYS, FLOW_WEEKS, STOCK, STAYS, ACTIVITY_DAYS)

__all__ = [
    "ACTIVITY_DAYS",
    "DEALS",
    "FLOW_DAYS",
    "FLOW_WEEKS",
    "HEALTH",
    "LOCAL_DAY",
    "PAID",
    "PAST",
    "ROLLUPS",
    "STAYS",
    "STOCK",
    "mark_all",
    "rename",
    "rerate",
    "rezone",
]
