"""What is true in revenue: the customers, and what they pay month by month."""

from revenue.models.customers import Customer
from revenue.models.health import CustomerHealth, HealthCount, HealthRun
from revenue.models.ledger import CustomerMonth, Subscription
from revenue.models.rollups import CohortMonth, Movement, OwnerMonth, RevenueMonth
from revenue.models.trials import MrrTrial, MrrTrialRow, MrrTrialScore

__all__ = [
    "CohortMonth",
    "Customer",
    "CustomerHealth",
    "CustomerMonth",
    "HealthCount",
    "HealthRun",
    "Movement",
    "MrrTrial",
    "MrrTrialRow",
    "MrrTrialScore",
    "OwnerMonth",
    "RevenueMonth",
    "Subscription",
]
