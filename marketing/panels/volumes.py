"""How many: the funnel of the period, and the weeks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from marketing import analytics, charts, metrics, queries
from marketing.panels.known import KNOWN, VERDICT
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Panel, Shown
from revops_site.kernel.periods import Period
from revops_site.kernel.unusual import MARKED, marked

BY_FORMULA = {metric.formula: metric for metric in metrics.METRICS}
SERIES = {
    "spend": ("Spend", "money"),
    "leads": ("Leads", "integer"),
    "cpl": ("Cost per lead", "money2"),
    "ctr": ("CTR", "percent1"),
    "mqls": ("MQLs", "integer"),
    "conversions": ("Conversions", "integer"),
}
STAGES = {stage: BY_FORMULA[operand] for stage, operand in analytics.FUNNEL}


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
    """Leads, MQLs and SQLs by week (M16), and what of the week's days was unusual."""
    weeks = queries.weeks(slice_)
    if weeks.empty:
        return weeks.reindex(columns=[shown.name for shown in TREND.columns])
    found = analytics.trend_timeseries(weeks, _with_data(slice_.period), slice_.as_of)
    within = found.assign(**analytics.days_within(found, slice_.period, slice_.as_of))
    return marked(within, slice_, SERIES, "week_start", "week_end")


def _of_stage(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A stage is counted over all that the page shows."""
    return {}


def _of_week(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The days of the week that the period leaves."""
    first, last = row["first_day"].date(), row["last_day"].date()
    return {"period": "custom", "start": first, "end": last}


def _with_data(period: Period | None) -> Period | None:
    """The period from the first day of data on: before it, nothing is known, which is not 0."""
    first = queries.first_day()
    if period is None or first is None:
        return period
    return Period(min(max(period.start, first), period.end), period.end)


FUNNEL = Panel(
    slug="funnel",
    title="Where do leads get stuck?",
    question="Events of the period by stage, not one cohort: a step may pass 100%.",
    frame=funnel,
    figure=charts.stages,
    columns=(
        Shown("stage", "Stage"),
        Shown("count", "Count", "integer", metric=STAGES),
        Shown("step_rate", "Of the stage before", "percent1"),
        Shown("min_value", "Expected from", "percent"),
        Shown("max_value", "to", "percent"),
        VERDICT,
        Shown("cumulative_rate", "Of leads", "percent1"),
        Shown("over_100", "Above 100%", "yes"),
    ),
    dimensions=KNOWN,
    narrows=_of_stage,
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
        Shown("leads", "Leads", "integer", metric=metrics.LEADS),
        Shown("mqls", "MQLs", "integer", metric=metrics.MQLS),
        Shown("sqls", "SQLs", "integer", metric=metrics.SQLS),
        Shown("is_partial", "Partial", "yes"),
        MARKED,
    ),
    dimensions=KNOWN,
    narrows=_of_week,
)
