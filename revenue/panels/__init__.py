"""Revenue's table of contents: which query feeds which sum feeds which chart."""

from __future__ import annotations

from revenue import queries
from revenue.panels.cohorts import PAGES as COHORT_PAGES
from revenue.panels.definitions import PAGES as DEFINITION_PAGES
from revenue.panels.groups import NRR, PLANS, SEGMENTS
from revenue.panels.headlines import HEADLINE
from revenue.panels.known import DATASETS, LEFT
from revenue.panels.ledgers import LEDGERS
from revenue.panels.listed import CUSTOMERS
from revenue.panels.lives import PAGE as LIFETIMES_PAGE
from revenue.panels.moves import RETENTION, WATERFALL
from revenue.panels.reasons import REASONS
from revenue.panels.retention import PAGES as RETENTION_PAGES
from revenue.panels.stay.pages import BOOKS, CHURN, OUTLOOK, RENEWALS
from revenue.panels.waterfall import PAGES as WATERFALL_PAGES
from revops_site.kernel.panels import Page

__all__ = [
    "BOOKS",
    "CHURN",
    "COHORT_PAGES",
    "CUSTOMERS",
    "DEFINITION_PAGES",
    "LEDGERS",
    "LIFETIMES_PAGE",
    "OUTLOOK",
    "PAGE",
    "PAGES",
    "PANELS",
    "RENEWALS",
    "RETENTION_PAGES",
    "WATERFALL_PAGES",
]

PANELS = (HEADLINE, WATERFALL, RETENTION, NRR, SEGMENTS, PLANS, REASONS)
PAGE = Page(
    slug="revenue",
    title="Revenue",
    panels=PANELS,
    listings=(CUSTOMERS,),
    datasets=DATASETS,
    dimensions=LEFT,
    choices=queries.choices,
    default_period="365d",
)
PAGES = (CHURN, OUTLOOK, RENEWALS)
