"""Revenue's ledger, what moved in it, and the months' sums: each made of the one before."""

from revenue.rollups.ledger import LEDGER, rerate
from revenue.rollups.months import MONTHS, sums
from revenue.rollups.movements import MOVEMENTS

ROLLUPS = (LEDGER, MOVEMENTS, MONTHS)

__all__ = ["LEDGER", "MONTHS", "MOVEMENTS", "ROLLUPS", "rerate", "sums"]
