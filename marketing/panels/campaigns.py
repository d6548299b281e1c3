"""From channel to campaign to day, and what a lead or customer costs by segment and region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from marketing import analytics, metrics, queries
from marketing.analytics import drill as sums
from marketing.panels.groups import RATIO_COLUMNS, SPEND, VOLUME_COLUMNS
from marketing.panels.known import KNOWN, compared, lone, unrated
from marketing.queries import drill
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Panel, Shown

NO_CAMPAIGN = {"": "No campaign"}
ALL_REGIONS = {"": "All regions"}
CHANNEL_LINK = "/marketing/channels/{channel}/"
CAMPAIGN_LINK = "/marketing/campaigns/{campaign}/"


def _changed(of: str, label: str, help_: str) -> Shown:
    return Shown(f"{of}_change", label, "percentDelta", help=help_)


MEASURED = (
    SPEND,
    Shown("spend_share", "Share", "percent", help="Of the spend of all rows here.", meter=True),
    _changed("spend", "Spend ±", "Against the compared period."),
    *VOLUME_COLUMNS,
    _changed("leads", "Leads ±", "Against the compared period."),
    *RATIO_COLUMNS,
    _changed("cac", "CAC ±", "Against the compared period; a customer got dearer above 0."),
)


def channels(slice_: Slice) -> pd.DataFrame:
    """Each channel beside what it was in the compared period."""
    before = compared(slice_)
    was = queries.mix(before) if before is not None else None
    return sums.compared(queries.mix(slice_), was, "channel")


def campaigns(slice_: Slice) -> pd.DataFrame:
    """Each campaign of each channel beside what it was in the compared period."""
    before = compared(slice_)
    was = drill.by_campaign(before) if before is not None else None
    return sums.compared(drill.by_campaign(slice_), was, "campaign", "channel")


def days(slice_: Slice) -> pd.DataFrame:
    """Each day on which anything happened, the newest first."""
    return sums.by_day(drill.by_day(slice_))


def notes(slice_: Slice) -> tuple[str, ...]:
    """What stands beside nothing, and what money is left out."""
    return (*lone(slice_), *unrated(slice_))


def _of_campaign(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"channel": (row["channel"],), "campaign": (row["campaign"],)}


def _of_day(row: Mapping[str, Any]) -> Mapping[str, Any]:
    day = row["date"].date()
    return {"period": "custom", "start": day, "end": day}


def _of_region(row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"region": (row["geo"],)} if row["geo"] else {}


CHANNELS = Panel(
    slug="campaign-channels",
    title="Where does the money go?",
    question="Channels first: open one for its campaigns. Ratios are ratios of the period's sums.",
    frame=channels,
    columns=(Shown("channel", "Channel", link=CHANNEL_LINK), *MEASURED),
    dimensions=KNOWN,
    width="col-12",
    sort="-spend",
    note=notes,
    narrows=lambda row: {"channel": (row["channel"],)},
)
CAMPAIGNS = Panel(
    slug="campaigns",
    title="Which campaign earns its money?",
    question="Open one for its days. Ratios are ratios of the period's sums.",
    frame=campaigns,
    columns=(
        Shown("campaign", "Campaign", link=CAMPAIGN_LINK, words=NO_CAMPAIGN),
        Shown("channel", "Channel", link=CHANNEL_LINK),
        *MEASURED,
    ),
    dimensions=KNOWN,
    width="col-12",
    sort="-spend",
    note=notes,
    narrows=_of_campaign,
)
DAYS = Panel(
    slug="campaign-days",
    title="What did each day cost and bring?",
    question="The newest day first; a day without any event has no row.",
    frame=days,
    columns=(Shown("date", "Day", "date"), SPEND, *VOLUME_COLUMNS, *RATIO_COLUMNS),
    dimensions=KNOWN,
    width="col-12",
    sort="-date",
    note=unrated,
    narrows=_of_day,
)


def _cross(slug: str, title: str, metric: Metric, show: str) -> Panel:
    """A measure in a table of regions by segments."""

    def frame(slice_: Slice) -> pd.DataFrame:
        return sums.crossed(queries.mix(slice_), metric, analytics.SEGMENTS)

    cells = [
        Shown(code, code, show, metric=metric, within={"segment": (code,)})
        for code in analytics.SEGMENTS
    ]
    return Panel(
        slug=slug,
        title=title,
        question=f"{metric.meaning} The last row and column are of all regions and segments.",
        frame=frame,
        columns=(
            Shown("geo", "Region", words=ALL_REGIONS),
            *cells,
            Shown("all", "All segments", show, metric=metric),
        ),
        dimensions=KNOWN,
        width="col-4",
        unit="" if show == "percentage" else "money",
        note=unrated,
        narrows=_of_region,
    )


CROSSES = (
    _cross("cpl-by-segment-and-region", "What does a lead cost, where?", metrics.CPL, "money2"),
    _cross("cac-by-segment-and-region", "What does a customer cost, where?", metrics.CAC, "money"),
    _cross(
        "roi-by-segment-and-region", "Where does the money come back?", metrics.ROI, "percentage"
    ),
)
