"""Marketing's table of contents: which query feeds which sum feeds which chart."""

from __future__ import annotations

from marketing import analytics, metrics, queries
from marketing.panels.groups import CHANNELS, LEAD_COSTS, REGIONS, RETURNS, SEGMENTS
from marketing.panels.headlines import HEADLINE
from marketing.panels.known import KNOWN, unrated
from marketing.panels.volumes import FUNNEL, TREND
from revops_site.kernel.explain import Ledger
from revops_site.kernel.panels import Page, Shown

__all__ = ["LEDGER", "LEDGERS", "PAGE", "PANELS"]

PANELS = (HEADLINE, CHANNELS, TREND, FUNNEL, RETURNS, LEAD_COSTS, SEGMENTS, REGIONS)
LEDGER = Ledger(
    slug="marketing-days",
    title="Days of campaigns",
    metrics=metrics.METRICS,
    totals=lambda slice_: analytics.totals(queries.mix(slice_)),
    sql=queries.totals_sql,
    rows=queries.rows,
    columns=(
        Shown("date", "Day", "date"),
        Shown("channel", "Channel"),
        Shown("campaign", "Campaign"),
        Shown("segment", "Segment"),
        Shown("geo", "Region"),
        Shown("spend", "Spend", "decimal"),
        Shown("currency", "Currency"),
        Shown("fx_rate", "Rate", "decimal"),
        Shown("impressions", "Impressions", "integer"),
        Shown("clicks", "Clicks", "integer"),
        Shown("leads", "Leads", "integer"),
        Shown("mqls", "MQLs", "integer"),
        Shown("sqls", "SQLs", "integer"),
        Shown("opportunities", "Opportunities", "integer"),
        Shown("closed_won", "Customers won", "integer"),
        Shown("revenue", "Revenue", "decimal"),
        Shown("roi", "ROI", "decimal"),
    ),
    order=("date", "channel", "campaign", "segment", "geo"),
    datasets=("marketing_channels",),
    dimensions=KNOWN,
    note=unrated,
    operands=(
        Shown("known_spend", "Spend of rows with known revenue", "money2"),
        Shown("known_revenue", "Known revenue", "money2"),
    ),
    counts="rows",
)
LEDGERS = (LEDGER,)
PAGE = Page(
    slug="marketing",
    title="Marketing",
    panels=PANELS,
    datasets=("marketing_channels",),
    dimensions=KNOWN,
    choices=queries.choices,
    default_period="365d",
)
