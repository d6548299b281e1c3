"""The pages of attribution, and the ledger that its numbers are sums of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights import metrics
from insights.panels.attribution import known, models
from insights.panels.attribution.journeys import LISTING, PANELS, REVISIONS
from insights.queries import attribution as queries
from marketing.analytics.attribution import HALF_LIFE_DAYS, LOOKBACK_DAYS, RULES
from marketing.panels import tabs
from revops_site.kernel.explain import Ledger
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page, Shown
from revops_site.kernel.queries import workspace

CREDITS = Ledger(
    slug="credited-deals",
    title="Credit of won deals",
    metrics=metrics.CREDIT_METRICS,
    totals=known.totals,
    sql=queries.credit_sql,
    rows=queries.lines,
    columns=(
        Shown("deal_name", "Deal", link=known.JOURNEY_LINK),
        Shown("deal_id", "Id"),
        Shown("closed_at", "Closed", "date"),
        Shown("value", "Amount", "money", help="In the reporting currency, at the day it was won."),
        Shown("channel", "Channel"),
        Shown("campaign", "Campaign"),
        Shown("touches", "Touches", "integer", help="That count, by the ledger's lookback."),
        *(Shown(name, label, "percent1") for name, label in RULES.items()),
        Shown("revision", "Revision", "integer"),
    ),
    order=("deal_id", "channel", "campaign"),
    datasets=known.DATASETS,
    dimensions=models.DIMENSIONS,
    note=known.notes,
    operands=(
        *(Shown(f"{name}_value", f"{label}: value", "money2") for name, label in RULES.items()),
        *(Shown(f"{name}_deals", f"{label}: deals", "decimal") for name, label in RULES.items()),
        Shown("markov_share", "Share of the chain", "percent2"),
        Shown("touched_value", "Value that a touch counts for", "money2"),
        Shown("untouched_value", "Unattributed value", "money2"),
        Shown("touched_deals", "Deals that a touch counts for", "decimal"),
        Shown("untouched_deals", "Unattributed deals", "decimal"),
        Shown("won_value", "Value of all won deals", "money2"),
        Shown("counted_touches", "Touches that count", "integer"),
    ),
    counts="lines",
    noun="lines of credit",
)
LEDGERS = (CREDITS,)


def _page(**parts: Any) -> Page:
    return Page(
        datasets=known.CLOCK,
        dimensions=known.KNOWN,
        choices=known.choices,
        default_period="365d",
        limits={"lookback_days": LOOKBACK_DAYS, "half_life_days": HALF_LIFE_DAYS},
        options={"by": known.BY, "model": known.MODELS},
        **parts,
    )


PAGE = _page(
    slug="attribution",
    title="Attribution",
    url="/marketing/attribution/",
    panels=models.panels(in_deals=False),
)
CAMPAIGNS = _page(
    slug="attribution-campaigns",
    title="Attribution by campaign",
    url="/marketing/attribution/campaigns/",
    panels=models.campaign_panels(in_deals=False),
)
IN_DEALS = {
    PAGE.slug: models.panels(in_deals=True),
    CAMPAIGNS.slug: models.campaign_panels(in_deals=True),
}
JOURNEYS = _page(
    slug="attribution-journeys",
    title="Journeys of won deals",
    url="/marketing/attribution/journeys/",
    panels=PANELS,
    listings=(LISTING,),
)
LEDGER = replace(
    _page(
        slug="attribution-ledger",
        title="Ledger of credit",
        url="/marketing/attribution/ledger/",
        panels=(),
        listings=(REVISIONS,),
    ),
    limits={},
    options={},
    dated=False,
    default_period="all",
)
WAYS = (
    ("Models", PAGE.address),
    ("Campaigns", CAMPAIGNS.address),
    ("Journeys", JOURNEYS.address),
    ("Ledger", LEDGER.address),
)


def as_asked(page: Page, by: str = "") -> Page:
    """The page with the workspace's parameters in its form, in deals where that is asked for."""
    panels = IN_DEALS.get(page.slug, page.panels) if by == "count" else page.panels
    if not page.limits:
        return replace(page, panels=panels)
    at = workspace()
    limits = {"lookback_days": at.lookback_days, "half_life_days": at.half_life_days}
    return replace(page, panels=panels, limits=limits)


def beside(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The ways between the pages of attribution, the filters along."""
    query = visit.asked.to_query()
    ways = [
        {
            "label": label,
            "url": f"{url}?{query}" if query else url,
            "current": url == visit.page.address,
        }
        for label, url in WAYS
    ]
    own = {"template": "insights/_attribution_ways.html", "ways": ways, "above": True}
    return [*tabs.beside(visit), own]
