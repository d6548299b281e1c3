"""The pipeline's table of contents: which query feeds which sum feeds which chart."""

from __future__ import annotations

from pipeline import metrics, queries
from pipeline.panels import lists
from pipeline.panels.bridge import PAGE as BRIDGE
from pipeline.panels.calls import PAGE as CALLS
from pipeline.panels.flow import FLOW
from pipeline.panels.forecasts import LEDGER as OF_FORECAST
from pipeline.panels.groups import OWNERS, STAGES
from pipeline.panels.headlines import HEADLINE
from pipeline.panels.health import LEDGERS as HEALTH_LEDGERS
from pipeline.panels.health import PAGE as HEALTH
from pipeline.panels.known import OPEN
from pipeline.panels.ledgers import DATASETS
from pipeline.panels.ledgers import LEDGERS as OF_DEALS
from pipeline.panels.listed import DEALS
from pipeline.panels.outlook import PAGE as FORECAST
from pipeline.panels.plans import LEDGERS as OF_PLANS
from pipeline.panels.segments import CYCLES, WIN_RATES
from pipeline.panels.stages import LEDGERS as STAGE_LEDGERS
from pipeline.panels.stuck import STUCK
from pipeline.panels.velocity import PAGE as STAGE_VELOCITY
from revops_site.kernel.panels import Page

__all__ = [
    "BRIDGE",
    "CALLS",
    "DEALS",
    "FORECAST",
    "FORECAST_LEDGERS",
    "HEALTH",
    "HEALTH_LEDGERS",
    "LEDGERS",
    "LISTS",
    "LIST_BOOKS",
    "PAGE",
    "PANELS",
    "STAGE_LEDGERS",
    "STAGE_VELOCITY",
]

LEDGERS = (*OF_DEALS, *OF_PLANS)
FORECAST_LEDGERS = (OF_FORECAST,)
LISTS = lists.PAGES
LIST_BOOKS = lists.BOOKS
PANELS = (HEADLINE, STAGES, FLOW, WIN_RATES, CYCLES, STUCK, OWNERS)
PAGE = Page(
    slug="pipeline",
    title="Pipeline",
    panels=PANELS,
    listings=(DEALS,),
    datasets=DATASETS,
    dimensions=OPEN,
    choices=queries.choices,
    default_period="365d",
    limits={"min_days": metrics.STUCK_DAYS, "min_amount": metrics.STUCK_AMOUNT},
)
