"""The same figures by channel, segment and region: who earns the money, and at what cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from marketing import analytics, charts, metrics, queries
from marketing.panels.known import KNOWN, VERDICT, unrated
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Panel, Shown


def _number(name: str, label: str, metric: Metric, show: str) -> Shown:
    return Shown(name, label, show, help=metric.meaning, metric=metric)


def _is(column: str, name: str) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """A row of this column's value is what the filter ``name`` leaves."""
    return lambda row: {name: (row[column],)}


SPEND = _number("spend", "Spend", metrics.SPEND, "money")
VOLUME_COLUMNS = (
    _number("leads", "Leads", metrics.LEADS, "integer"),
    _number("mqls", "MQLs", metrics.MQLS, "integer"),
    _number("sqls", "SQLs", metrics.SQLS, "integer"),
    _number("opportunities", "Opps", metrics.OPPORTUNITIES, "integer"),
    _number("closed_won", "Won", metrics.CLOSED_WON, "integer"),
)
RATIO_COLUMNS = (
    _number("cac", "CAC", metrics.CAC, "money"),
    _number("cpl", "CPL", metrics.CPL, "money2"),
    _number("conversion_rate", "Lead to won", metrics.CONVERSION, "percent1"),
    _number("roi_percentage", "ROI", metrics.ROI, "percentage"),
)


def _performance_columns(
    by: str, label: str, *, drill: str = "", link: str = ""
) -> tuple[Shown, ...]:
    return (
        Shown(by, label, drill=drill, link=link, words=charts.UNNAMED),
        SPEND,
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
    costs = analytics.cost_per_lead_ranges(
        queries.mix(slice_), queries.benchmarks("channel_cpl_range")
    )
    return costs.assign(key=charts.lead_of(costs))


def _customer_cost(
    slug: str, frame: Callable[[Slice], pd.DataFrame], by: str, label: str, link: str = ""
) -> Panel:
    return Panel(
        slug=slug,
        title=f"What does a customer cost in each {label.lower()}?",
        question="CAC: marketing spend for each new customer.",
        frame=frame,
        figure=charts.acquisition_cost,
        columns=_performance_columns(by, label, drill=label.lower(), link=link),
        dimensions=KNOWN,
        unit="money",
        narrows=_is(by, label.lower()),
    )


CHANNELS = Panel(
    slug="channel-performance",
    title="Which channel earns its money?",
    question="Sums of the period; ratios are ratios of these sums.",
    frame=channels,
    columns=_performance_columns("channel", "Channel", link="/marketing/channels/{channel}/"),
    dimensions=KNOWN,
    width="col-12",
    sort="-spend",
    narrows=_is("channel", "channel"),
)
RETURNS = Panel(
    slug="roi-by-channel",
    title="What does each channel return on its spend?",
    question="ROI in percent, over the rows whose revenue is known; unpaid channels have none.",
    frame=channels,
    figure=charts.returns,
    columns=(
        Shown("channel", "Channel", drill="channel"),
        SPEND,
        _number("roi_percentage", "ROI", metrics.ROI, "percentage"),
    ),
    dimensions=KNOWN,
    note=unrated,
    narrows=_is("channel", "channel"),
)
LEAD_COSTS = Panel(
    slug="lead-cost",
    title="Where does a lead cost more than it should?",
    question="Cost per lead of paid channels by segment; the band is the benchmark range.",
    frame=lead_costs,
    figure=charts.lead_cost,
    columns=(
        Shown("channel", "Channel"),
        Shown("segment", "Segment", words=charts.UNNAMED),
        SPEND,
        _number("leads", "Leads", metrics.LEADS, "integer"),
        _number("cpl", metrics.CPL.label, metrics.CPL, "money2"),
        Shown("min_value", "Range from", "money2"),
        Shown("target_value", "Target", "money2"),
        Shown("max_value", "to", "money2"),
        VERDICT,
    ),
    dimensions=KNOWN,
    unit="money",
    narrows=lambda row: {"channel": (row["channel"],), "segment": (row["segment"],)},
)
SEGMENTS = _customer_cost("by-segment", segments, "segment", "Segment", "/segments/{segment}/")
REGIONS = _customer_cost("by-region", regions, "geo", "Region")
