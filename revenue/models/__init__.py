"""What is true in revenue: the customers, and what they pay month by month."""

from revenue.models.customers import Customer
from revenue.models.ledger import CustomerMonth, Subscription
from revenue.models.rollups import Movement, RevenueMonth

__all__ = ["Customer", "CustomerMonth", "Movement", "RevenueMonth", "Subscription"]
