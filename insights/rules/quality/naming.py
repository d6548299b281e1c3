"""What a dataset and its rows are called in a check."""

from __future__ import annotations

from collections.abc import Mapping

from revops_site.kernel.datasets import Dataset

ROWS: Mapping[str, str] = {
    "customer_mrr": "Months of customers",
    "deal_changes": "Changes of deals",
    "marketing_channels": "Marketing days",
    "pipeline_deals": "Deals",
    "revenue_customers": "Customers",
    "stage_history": "Stage visits",
}


def words(dataset: Dataset) -> str:
    """What its rows are, as the beginning of a sentence."""
    return ROWS.get(dataset.name) or dataset.name.replace("_", " ").capitalize()


def naming(dataset: Dataset) -> tuple[str, ...]:
    """The columns of the table that tell one of its rows from another."""
    columns = dataset.identity or dataset.key
    return tuple(name for name in columns if dataset.column(name).stored)
