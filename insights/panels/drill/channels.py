"""One channel: its figures, its campaigns, its weeks, and the deals that came from it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from insights.panels.drill.places import address, slug
from marketing import analytics, queries
from marketing import panels as marketing
from marketing.panels.groups import RATIO_COLUMNS, SPEND, VOLUME_COLUMNS
from marketing.panels.headlines import HEADLINE
from marketing.panels.known import KNOWN, unrated
from marketing.panels.volumes import FUNNEL, TREND
from pipeline import metrics as deal_metrics
from pipeline import panels as pipeline
from pipeline import queries as pipeline_queries
from pipeline.panels.listed import STAGES, STATUS
from pipeline.queries import listed
from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.listings import Listing
from revops_site.kernel.panels import Page, Panel, Shown

NO_CAMPAIGN = {"": "No campaign"}


def campaigns(slice_: Slice) -> pd.DataFrame:
    """The channel's campaigns, the largest spend first."""
    return analytics.performance(queries.campaigns(slice_), "campaign")


def sourced(slice_: Slice) -> Mapping[str, float]:
    """How many deals came from the channel in the period, and what they are worth."""
    sums = pipeline_queries.totals(slice_)
    return {"rows": int(sums["created"]), "value": sums["created_amount"]}


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
SOURCED = Listing(
    slug="sourced-deals",
    title="Deals that came from it",
    question="Deals created in the period whose source is this channel, of those that you may see.",
    rows=listed.created_deals,
    columns=(
        Shown("deal_name", "Deal"),
        Shown("deal_id", "Id"),
        Shown("account_name", "Account", link="/accounts/{account_id}/"),
        Shown("owner_name", "Owner", link="/reps/{owner_id}/"),
        Shown("status", "Status", words=STATUS),
        Shown("stage_name", "Stage", words=STAGES),
        Shown("segment", "Segment", link="/segments/{segment}/"),
        Shown("value", "First amount", "money", help=deal_metrics.CREATED_VALUE.meaning),
        Shown("created_at", "Created", "date"),
        Shown("closed_at", "Closed", "date"),
    ),
    key=("deal_id",),
    sort="-value",
    search=("opportunity_name", "account_name", "deal_id"),
    groups=("status", "stage_name", "owner_name", "segment"),
    sums=("value",),
    hidden=("deal_id", "closed_at"),
    dimensions=tuple(name for name in pipeline.PAGE.dimensions if name != "stage"),
    unit="money",
    noun="deals",
    totals=sourced,
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
        listings=(SOURCED,),
        datasets=marketing.PAGE.datasets,
        dimensions=tuple(one for one in (*KNOWN, "team", "owner", "pipeline") if one != "channel"),
        choices=queries.choices,
        default_period=marketing.PAGE.default_period,
        always={"channel": (name,)},
    )
