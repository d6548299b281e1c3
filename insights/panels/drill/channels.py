"""One channel: its figures, its campaigns, its weeks, and the deals that came from it."""

from __future__ import annotations

from insights.panels.drill.places import address, slug
from marketing import panels as marketing
from marketing import queries
from marketing.panels.campaigns import CAMPAIGNS
from marketing.panels.headlines import HEADLINE
from marketing.panels.known import KNOWN
from marketing.panels.volumes import FUNNEL, TREND
from pipeline import queries as pipeline_queries
from pipeline.panels.created import CREATED
from revops_site.kernel import freshness
from revops_site.kernel.panels import Page


def page(name: str) -> Page | None:
    """The page of a channel; None where no day and no deal is of it."""
    generation = freshness.generation()
    known = (queries.choices(generation), pipeline_queries.choices(generation))
    if not any(name in found["channel"] for found in known):
        return None
    return Page(
        slug=slug("channel", name),
        title=name,
        url=address("marketing", "channels", name),
        panels=(HEADLINE, CAMPAIGNS, TREND, FUNNEL),
        listings=(CREATED,),
        datasets=marketing.PAGE.datasets,
        dimensions=tuple(one for one in (*KNOWN, "team", "owner", "pipeline") if one != "channel"),
        choices=queries.choices,
        default_period=marketing.PAGE.default_period,
        always={"channel": (name,)},
    )
