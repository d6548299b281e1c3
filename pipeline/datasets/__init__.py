"""What the pipeline's files promise, in the order that they are loaded in."""

from pipeline.datasets.calls import FORECAST_CALLS
from pipeline.datasets.deals import PIPELINE_DEALS
from pipeline.datasets.history import DEAL_CHANGES, STAGE_HISTORY, STATUS_EVENTS
from pipeline.datasets.orders import ORDERS
from pipeline.datasets.plan import PIPELINES, QUOTAS, STAGES
from pipeline.datasets.work import ACTIVITIES, CONTACTS, NOTES

DATASETS = (
    PIPELINES,
    STAGES,
    PIPELINE_DEALS,
    QUOTAS,
    FORECAST_CALLS,
    STAGE_HISTORY,
    STATUS_EVENTS,
    DEAL_CHANGES,
    CONTACTS,
    ACTIVITIES,
    NOTES,
    ORDERS,
)

__all__ = [
    "ACTIVITIES",
    "CONTACTS",
    "DATASETS",
    "DEAL_CHANGES",
    "FORECAST_CALLS",
    "NOTES",
    "ORDERS",
    "PIPELINES",
    "PIPELINE_DEALS",
    "QUOTAS",
    "STAGES",
    "STAGE_HISTORY",
    "STATUS_EVENTS",
]
