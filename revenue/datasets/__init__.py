"""What revenue's files promise, in the order that they are loaded in."""

from revenue.datasets.customers import REVENUE_CUSTOMERS
from revenue.datasets.ledger import CUSTOMER_MRR, SUBSCRIPTIONS

DATASETS = (REVENUE_CUSTOMERS, CUSTOMER_MRR, SUBSCRIPTIONS)

__all__ = ["CUSTOMER_MRR", "DATASETS", "REVENUE_CUSTOMERS", "SUBSCRIPTIONS"]
