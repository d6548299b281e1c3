"""The pretend company's customers and what they pay, as files."""

from __future__ import annotations

from revenue.samples.customers import revenue_customers
from revenue.samples.ledger import customer_mrr
from revenue.samples.subscriptions import subscriptions
from revops_site.kernel.world.files import File

__all__ = ["FILES"]

FILES: tuple[File, ...] = (
    File("revenue_customers", revenue_customers),
    File("customer_mrr", customer_mrr),
    File("subscriptions", subscriptions),
)
