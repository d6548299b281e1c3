"""Revenue's table of contents: which query feeds which sum feeds which chart."""

from __future__ import annotations

from revenue import queries
from revenue.panels.groups import NRR, PLANS, SEGMENTS
from revenue.panels.headlines import HEADLINE
from revenue.panels.known import DATASETS, LEFT
from revenue.panels.ledgers import LEDGERS
from revenue.panels.listed import CUSTOMERS
from revenue.panels.moves import RETENTION, WATERFALL
from revenue.panels.reasons import REASONS
from revenue.panels.retention import PAGE as RETENTION_PAGE
from revenue.panels.stay.pages import BOOKS, CHURN, OUTLOOK, RENEWALS
from revops_site.kernel.panels import Page

__all__ = [
    "BOOKS",
    "CHURN",
    "CUSTOMERS",
    "LEDGERS",
    "OUTLOOK",
    "PAGE",
    "PAGES",
    "PANELS",
    "RENEWALS",
    "RETENTION_PAGE",
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
