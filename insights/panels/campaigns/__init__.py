"""The Campaigns page: channel, campaign, day; and a campaign's own page below it."""

from __future__ import annotations

from insights.panels.campaigns.returns import LEDGERS as SATURATION_LEDGERS
from insights.panels.campaigns.returns import PAGE as SATURATION
from insights.panels.drill.places import address, slug
from marketing import panels as marketing
from marketing import queries
from marketing.panels.campaigns import CAMPAIGNS, CHANNELS, CROSSES, DAYS
from marketing.panels.headlines import HEADLINE
from marketing.panels.known import KNOWN
from marketing.panels.pacing import LEDGER, MONTH, QUARTER
from marketing.panels.volumes import FUNNEL, TREND
from revops_site.kernel import freshness
from revops_site.kernel.panels import Page

__all__ = ["LEDGERS", "PAGE", "SATURATION", "SATURATION_LEDGERS", "page"]

URL = "/marketing/campaigns/"
LEDGERS = (LEDGER,)
PAGE = Page(
    slug="campaigns",
    title="Campaigns",
    url=URL,
    panels=(CHANNELS, CAMPAIGNS, MONTH, QUARTER, *CROSSES),
    datasets=marketing.PAGE.datasets,
    dimensions=KNOWN,
    choices=queries.choices,
    default_period=marketing.PAGE.default_period,
)


def page(name: str) -> Page | None:
    """The page of a campaign; None where no day is of it."""
    if name not in queries.choices(freshness.generation())["campaign"]:
        return None
    return Page(
        slug=slug("campaign", name),
        title=name,
        url=address("marketing", "campaigns", name),
        panels=(HEADLINE, CHANNELS, MONTH, DAYS, TREND, FUNNEL),
        datasets=marketing.PAGE.datasets,
        dimensions=tuple(one for one in KNOWN if one != "campaign"),
        choices=queries.choices,
        default_period=marketing.PAGE.default_period,
        always={"campaign": (name,)},
    )
