"""Marketing's table of contents: which query feeds which sum feeds which chart."""

from __future__ import annotations

from marketing import analytics, metrics, queries
from marketing.panels.groups import CHANNELS, LEAD_COSTS, REGIONS, RETURNS, SEGMENTS
from marketing.panels.headlines import HEADLINE
from marketing.panels.known import KNOWN
from marketing.panels.volumes import FUNNEL, TREND
from revops_site.kernel.explain import Ledger
from revops_site.kernel.panels import Page

__all__ = ["LEDGER", "PAGE", "PANELS"]

PANELS = (HEADLINE, CHANNELS, TREND, FUNNEL, RETURNS, LEAD_COSTS, SEGMENTS, REGIONS)
LEDGER = Ledger(
    metrics=metrics.METRICS,
    totals=lambda slice_: analytics.totals(queries.mix(slice_)),
    sql=queries.totals_sql,
    rows=queries.rows,
)
PAGE = Page(
    slug="marketing",
    title="Marketing",
    panels=PANELS,
    datasets=("marketing_channels",),
    dimensions=KNOWN,
    choices=queries.choices,
    default_period="365d",
)
