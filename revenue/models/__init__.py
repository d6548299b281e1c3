"""What is true in revenue: the customers, and what they pay month by month."""

from revenue.models.customers import Customer
from revenue.models.ledger import CustomerMonth, Subscription

__all__ = ["Customer", "CustomerMonth", "Subscription"]
