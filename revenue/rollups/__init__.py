"""Revenue's ledger, what moved in it, and the months' sums: each made of the one before."""

from revenue.rollups.cohorts import COHORTS, KEPT, LEFT_OF
from revenue.rollups.ledger import LEDGER, rerate
from revenue.rollups.months import MONTHS, OWNERS, sums
from revenue.rollups.movements import MOVEMENTS
from revops_site.kernel.rollups import Followed

# What became of a deal after it was won is followed where the domains meet.
PAID = Followed("paid")

ROLLUPS = (LEDGER, MOVEMENTS, OWNERS, MONTHS, COHORTS)

__all__ = [
    "COHORTS",
    "KEPT",
    "LEDGER",
    "LEFT_OF",
    "MONTHS",
    "MOVEMENTS",
    "OWNERS",
    "PAID",
    "ROLLUPS",
    "rerate",
    "sums",
]
