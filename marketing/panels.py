"""Marketing's table of contents: which query feeds which sum feeds which chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pandas as pd

from marketing import analytics, charts, metrics, queries
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.metrics import change
from revops_site.kernel.panels import Page, Panel, Shown, Tile
from revops_site.kernel.periods import Period, week

HEADLINES = (
    metrics.SPEND,
    metrics.LEADS,
    metrics.MQLS,
    metrics.SQLS,
    metrics.CLOSED_WON,
    metrics.CAC,
    metrics.CPL,
    metrics.ROI,
)
SPARK_WEEKS = 13
KNOWN = tuple(queries.DIMENSIONS)
VERDICT = {"high": "bad", "low": "bad", "ok": "good"}

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


def headlines(slice_: Slice) -> Sequence[Tile]:
    """The headline figures, beside the compared period where that has data from its first day."""
    now = analytics.kpis(queries.mix(slice_))
    before = _before(slice_)
    weeks = analytics.sparklines(queries.weeks(_spark_window(slice_)), HEADLINES)
    return [
        Tile(
            metric=metric,
            now=now[metric.field],
            before=before.get(metric.field),
            change=change(metric, now[metric.field].value, before.get(metric.field)),
            weeks=weeks[metric.field],
        )
        for metric in HEADLINES
    ]


def headline_table(slice_: Slice) -> pd.DataFrame:
    """The headline figures as rows; empty where the slice has no data."""
    columns = ["metric", "field", "value", "previous", "change"]
    if queries.mix(slice_).empty:
        return pd.DataFrame(columns=columns)
    rows = [
        (tile.metric.label, tile.metric.field, tile.now.value, tile.before, tile.change)
        for tile in headlines(slice_)
    ]
    return pd.DataFrame(rows, columns=columns)


def channels(slice_: Slice) -> pd.DataFrame:
    """Channel performance (M15)."""
    return analytics.channel_performance(queries.mix(slice_))


def segments(slice_: Slice) -> pd.DataFrame:
    """The same figures by segment, small customers first."""
    return analytics.by_size(analytics.performance(queries.mix(slice_), "segment"))


def regions(slice_: Slice) -> pd.DataFrame:
    """The same figures by region."""
    return analytics.performance(queries.mix(slice_), "geo")


def funnel(slice_: Slice) -> pd.DataFrame:
    """The volume funnel (M12) with the range each step is expected in."""
    mix = queries.mix(slice_)
    stages = analytics.funnel_breakdown(mix) if not mix.empty else pd.DataFrame()
    if stages.empty:
        return stages.reindex(columns=[shown.name for shown in FUNNEL.columns])
    steps = queries.benchmarks("stage_conversion_benchmarks")
    return analytics.with_step_ranges(
        stages, steps, slice_.segment or mix["segment"].unique().tolist()
    )


def trend(slice_: Slice) -> pd.DataFrame:
    """Leads, MQLs and SQLs by week (M16)."""
    weeks = queries.weeks(slice_)
    if weeks.empty:
        return weeks.reindex(columns=[shown.name for shown in TREND.columns])
    return analytics.trend_timeseries(weeks, _with_data(slice_.period), slice_.as_of)


def lead_costs(slice_: Slice) -> pd.DataFrame:
    """Cost per lead by channel and segment beside its benchmark."""
    return analytics.cost_per_lead_ranges(
        queries.mix(slice_), queries.benchmarks("channel_cpl_range")
    )


def unrated(slice_: Slice) -> Sequence[str]:
    """Says so where money is left out for want of an exchange rate."""
    count = int(queries.mix(slice_)["unrated"].sum())
    if not count:
        return ()
    rows = "row is" if count == 1 else "rows are"
    return (f"{count:,} {rows} without an exchange rate: that money is in none of these sums.",)


def _before(slice_: Slice) -> dict[str, float | None]:
    previous = slice_.previous()
    first = queries.first_day()
    if previous is None or previous.period is None or first is None:
        return {}
    if previous.period.start < first:
        return {}
    measured = analytics.kpis(queries.mix(previous))
    return {field: one.value for field, one in measured.items()}


def _with_data(period: Period | None) -> Period | None:
    """The period from the first day of data on: before it, nothing is known, which is not 0."""
    first = queries.first_day()
    if period is None or first is None:
        return period
    return Period(min(max(period.start, first), period.end), period.end)


def _spark_window(slice_: Slice) -> Slice:
    """The last 13 complete weeks: one that has just begun would look like a fall."""
    last = min(slice_.period.last_day, slice_.as_of) if slice_.period else slice_.as_of
    end = week(last + timedelta(days=1)).start
    return replace(slice_, period=Period(end - timedelta(weeks=SPARK_WEEKS), end))


HEADLINE = Panel(
    slug="marketing-kpis",
    title="Headline figures",
    question="What was spent, and what did it bring?",
    frame=headline_table,
    tiles=headlines,
    columns=(
        Shown("metric", "Figure"),
        Shown("field", "Field"),
        Shown("value", "Value", "decimal"),
        Shown("previous", "Compared period", "decimal"),
        Shown("change", "Change", "decimal"),
    ),
    dimensions=KNOWN,
    note=unrated,
    width="col-12",
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
FUNNEL = Panel(
    slug="funnel",
    title="Where do leads get stuck?",
    question="Events of the period by stage, not one cohort: a step may pass 100%.",
    frame=funnel,
    figure=charts.stages,
    columns=(
        Shown("stage", "Stage"),
        Shown("count", "Count", "integer"),
        Shown("step_rate", "Of the stage before", "percent1"),
        Shown("min_value", "Expected from", "percent"),
        Shown("max_value", "to", "percent"),
        Shown("verdict", "Verdict", tone=VERDICT),
        Shown("cumulative_rate", "Of leads", "percent1"),
        Shown("over_100", "Above 100%", "yes"),
    ),
    dimensions=KNOWN,
)
TREND = Panel(
    slug="weekly-trend",
    title="How do leads, MQLs and SQLs move?",
    question="Per week, Monday to Sunday; a week that the period cuts is marked as partial.",
    frame=trend,
    figure=charts.by_week,
    columns=(
        Shown("week_start", "Week from", "date"),
        Shown("week_end", "to", "date"),
        Shown("leads", "Leads", "integer"),
        Shown("mqls", "MQLs", "integer"),
        Shown("sqls", "SQLs", "integer"),
        Shown("is_partial", "Partial", "yes"),
    ),
    dimensions=KNOWN,
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
        Shown("verdict", "Verdict", tone=VERDICT),
    ),
    dimensions=KNOWN,
    unit="money",
)
SEGMENTS = Panel(
    slug="by-segment",
    title="What does a customer cost in each segment?",
    question="CAC: marketing spend for each new customer.",
    frame=segments,
    figure=charts.acquisition_cost,
    columns=_performance_columns("segment", "Segment", "segment"),
    dimensions=KNOWN,
    unit="money",
)
REGIONS = Panel(
    slug="by-region",
    title="What does a customer cost in each region?",
    question="CAC: marketing spend for each new customer.",
    frame=regions,
    figure=charts.acquisition_cost,
    columns=_performance_columns("geo", "Region", "region"),
    dimensions=KNOWN,
    unit="money",
)

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
    lead="From money spent to the customer it won.",
    panels=PANELS,
    datasets=("marketing_channels",),
    dimensions=KNOWN,
    choices=queries.choices,
    default_period="365d",
)
