"""The same figures by channel, segment and region: who earns the money, and at what cost."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from marketing import analytics, charts, metrics, queries
from marketing.panels.known import KNOWN, VERDICT, unrated
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown

VOLUME_COLUMNS = (
    Shown("leads", "Leads", "integer"),
    Shown("mqls", "MQLs", "integer"),
    Shown("sqls", "SQLs", "integer"),
    Shown("opportunities", "Opps", "integer", help="Opportunities opened."),
    Shown("closed_won", "Won", "integer", help=metrics.CLOSED_WON.meaning),
)
RATIO_COLUMNS = (
    Shown("cac", "CAC", "money", help=metrics.CAC.meaning),
    Shown("cpl", "CPL", "money2", help=metrics.CPL.meaning),
    Shown("conversion_rate", "Lead to won", "percent1", help=metrics.CONVERSION.meaning),
    Shown("roi_percentage", "ROI", "percentage", help=metrics.ROI.meaning),
)


def _performance_columns(by: str, label: str, drill: str) -> tuple[Shown, ...]:
    return (
        Shown(by, label, drill=drill),
        Shown("spend", "Spend", "money", help=metrics.SPEND.meaning),
        Shown("spend_share", "Share", "percent", help="Of all spend.", meter=True),
        *VOLUME_COLUMNS,
        *RATIO_COLUMNS,
    )


def channels(slice_: Slice) -> pd.DataFrame:
    """Channel performance (M15)."""
    return analytics.channel_performance(queries.mix(slice_))


def segments(slice_: Slice) -> pd.DataFrame:
    """The same figures by segment, small customers first."""
    return analytics.by_size(analytics.performance(queries.mix(slice_), "segment"))


def regions(slice_: Slice) -> pd.DataFrame:
    """The same figures by region."""
    return analytics.performance(queries.mix(slice_), "geo")


def lead_costs(slice_: Slice) -> pd.DataFrame:
    """Cost per lead by channel and segment beside its benchmark."""
    return analytics.cost_per_lead_ranges(
        queries.mix(slice_), queries.benchmarks("channel_cpl_range")
    )


def _customer_cost(slug: str, frame: Callable[[Slice], pd.DataFrame], by: str, label: str) -> Panel:
    return Panel(
        slug=slug,
        title=f"What does a customer cost in each {label.lower()}?",
        question="CAC: marketing spend for each new customer.",
        frame=frame,
        figure=charts.acquisition_cost,
        columns=_performance_columns(by, label, label.lower()),
        dimensions=KNOWN,
        unit="money",
    )


CHANNELS = Panel(
    slug="channel-performance",
    title="Which channel earns its money?",
    question="Sums of the period; ratios are ratios of these sums.",
    frame=channels,
    columns=_performance_columns("channel", "Channel", "channel"),
    dimensions=KNOWN,
    width="col-12",
    sort="-spend",
)
RETURNS = Panel(
    slug="roi-by-channel",
    title="What does each channel return on its spend?",
    question="ROI in percent, over the rows whose revenue is known; unpaid channels have none.",
    frame=channels,
    figure=charts.returns,
    columns=(
        Shown("channel", "Channel"),
        Shown("spend", "Spend", "money"),
        Shown("roi_percentage", "ROI", "percentage"),
    ),
    dimensions=KNOWN,
    note=unrated,
)
LEAD_COSTS = Panel(
    slug="lead-cost",
    title="Where does a lead cost more than it should?",
    question="Cost per lead of paid channels by segment; the band is the benchmark range.",
    frame=lead_costs,
    figure=charts.lead_cost,
    columns=(
        Shown("channel", "Channel"),
        Shown("segment", "Segment"),
        Shown("spend", "Spend", "money"),
        Shown("leads", "Leads", "integer"),
        Shown("cpl", "CPL", "money2"),
        Shown("min_value", "Range from", "money2"),
        Shown("target_value", "Target", "money2"),
        Shown("max_value", "to", "money2"),
        VERDICT,
    ),
    dimensions=KNOWN,
    unit="money",
)
SEGMENTS = _customer_cost("by-segment", segments, "segment", "Segment")
REGIONS = _customer_cost("by-region", regions, "geo", "Region")
