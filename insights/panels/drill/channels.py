"""One channel: its figures, its campaigns, its weeks, and the deals that came from it."""

from __future__ import annotations

import pandas as pd

from insights.panels.drill.places import address, slug
from marketing import analytics, queries
from marketing import panels as marketing
from marketing.panels.groups import RATIO_COLUMNS, SPEND, VOLUME_COLUMNS
from marketing.panels.headlines import HEADLINE
from marketing.panels.known import KNOWN, unrated
from marketing.panels.volumes import FUNNEL, TREND
from pipeline import queries as pipeline_queries
from pipeline.panels.created import CREATED
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page, Panel, Shown

NO_CAMPAIGN = {"": "No campaign"}


def campaigns(slice_: Slice) -> pd.DataFrame:
    """The channel's campaigns, the largest spend first."""
    return analytics.performance(queries.campaigns(slice_), "campaign")


CAMPAIGNS = Panel(
    slug="campaigns",
    title="Which campaign earns its money?",
    question="Sums of the period; ratios are ratios of these sums.",
    frame=campaigns,
    columns=(
        Shown("campaign", "Campaign", words=NO_CAMPAIGN),
        SPEND,
        Shown("spend_share", "Share", "percent", help="Of the channel's spend.", meter=True),
        *VOLUME_COLUMNS,
        *RATIO_COLUMNS,
    ),
    dimensions=KNOWN,
    width="col-12",
    sort="-spend",
    note=unrated,
    narrows=lambda row: {"campaign": (row["campaign"],)},
)


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
