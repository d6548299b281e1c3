"""How healthy the open deals are: the page, its list, and the health of one deal."""

from __future__ import annotations

from pipeline import queries
from pipeline.panels.health.headline import HEADLINE
from pipeline.panels.health.known import DATASETS
from pipeline.panels.health.ledgers import LEDGERS
from pipeline.panels.health.spread import COMPONENTS, COURSE, DISTRIBUTION
from pipeline.panels.health.urgent import STUCK_VIEW
from pipeline.panels.known import OPEN
from revops_site.kernel.panels import Page

__all__ = ["LEDGERS", "PAGE"]

PAGE = Page(
    slug="health",
    title="Deal health",
    url="/pipeline/health/",
    panels=(HEADLINE, DISTRIBUTION, COMPONENTS, COURSE),
    listings=(STUCK_VIEW,),
    datasets=DATASETS,
    dimensions=OPEN,
    choices=queries.choices,
    default_period="90d",
    dated=False,
    compared=False,
)
