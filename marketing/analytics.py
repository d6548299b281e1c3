"""Marketing's arithmetic: frames of operands in, rates, shares and weeks out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from marketing import metrics as m
from revops_site.kernel.frames import beside, grouped
from revops_site.kernel.metrics import Measured, Metric, column, measure, sums
from revops_site.kernel.periods import Period

FUNNEL = (
    ("Leads", "leads"),
    ("MQLs", "mqls"),
    ("SQLs", "sqls"),
    ("Opportunities", "opportunities"),
    ("Closed Won", "closed_won"),
)
VOLUMES = tuple(operand for _, operand in FUNNEL)
TREND = ("leads", "mqls", "sqls")
PLACES = ("channel", "segment", "geo", "campaign")
SEGMENTS = ("SMB", "MM", "ENT")
WEEK = pd.Timedelta(days=7)


def totals(mix: pd.DataFrame) -> dict[str, float]:
    """The sums over the whole mix, by name."""
    return sums(mix, [str(name) for name in mix if name not in PLACES])


def kpis(mix: pd.DataFrame) -> dict[str, Measured]:
    """Every marketing metric by field name, each with its operands."""
    whole = totals(mix)
    return {metric.field: measure(metric, whole) for metric in m.METRICS}


def performance(mix: pd.DataFrame, by: str) -> pd.DataFrame:
    """One row per value of ``by``, the largest spend first, then by name.

    Columns: ``by``, spend, leads, mqls, sqls, opportunities, closed_won, cac, cpl,
    conversion_rate, roi_percentage, spend_share (fraction of all spend).
    """
    numbers = [str(name) for name in mix if name not in PLACES]
    groups = grouped(mix, (by,), {name: str(mix[name].dtype) for name in numbers})
    spend = groups["spend"].to_numpy()
    order = np.lexsort((np.arange(len(groups)), -spend))  # groups come by name
    groups = groups.iloc[order].reset_index(drop=True)
    ratios = {
        "cac": column(m.CAC, groups),
        "cpl": column(m.CPL, groups),
        "conversion_rate": column(m.CONVERSION, groups),
        "roi_percentage": column(m.ROI, groups),
        "spend_share": _share(groups["spend"]),
    }
    return groups[[by, "spend", *VOLUMES]].assign(**ratios)


def _size(segment: str) -> int:
    return SEGMENTS.index(segment) if segment in SEGMENTS else len(SEGMENTS)


def by_size(groups: pd.DataFrame, *first: str) -> pd.DataFrame:
    """The rows ordered by ``first``, then by segment from small customers to large; none last."""
    parts = [groups[name].tolist() for name in first]
    keys = list(zip(*parts, map(_size, groups["segment"].tolist()), strict=True))
    order = sorted(range(len(groups)), key=keys.__getitem__)
    return groups.iloc[order].reset_index(drop=True)


def channel_performance(mix: pd.DataFrame) -> pd.DataFrame:
    """``performance`` by channel."""
    return performance(mix, "channel")


def funnel_breakdown(mix: pd.DataFrame) -> pd.DataFrame:
    """The volume funnel of a period, one row per stage.

    Columns stage, count, step_rate (to the stage before), cumulative_rate (to leads), over_100.
    """
    whole = totals(mix)
    counts = pd.Series([int(whole[name]) for name in VOLUMES], dtype="int64")
    step = _ratio(counts, counts.shift())
    return pd.DataFrame(
        {
            "stage": [stage for stage, _ in FUNNEL],
            "count": counts,
            "step_rate": step,
            "cumulative_rate": _ratio(counts, pd.Series(counts.iloc[0], index=counts.index)),
            "over_100": step > 1,
        }
    )


def trend_timeseries(
    weeks: pd.DataFrame, period: Period | None, as_of: date, names: Sequence[str] = TREND
) -> pd.DataFrame:
    """Volumes per ISO week, weeks without data as 0.

    Columns week_start, week_end (datetime64), ``names``, is_partial: the week is cut by an end of
    the period or by ``as_of``. Without a period the data's own first and last week are the ends.
    """
    mondays = _mondays(weeks, period, as_of)
    filled = weeks.set_index("week_start")[list(names)].reindex(mondays, fill_value=0)
    frame = filled.rename_axis("week_start").reset_index()
    ends = frame["week_start"] + WEEK - pd.Timedelta(days=1)
    frame.insert(1, "week_end", ends)
    last = min(period.last_day, as_of) if period else as_of
    partial = frame["week_end"] > pd.Timestamp(last)
    if period is not None:
        partial |= frame["week_start"] < pd.Timestamp(period.start)
    return frame.assign(is_partial=partial)


def days_within(
    weeks: pd.DataFrame, period: Period | None, as_of: date
) -> dict[str, pd.Series[Any]]:
    """The first_day and last_day of each week that the period and ``as_of`` leave (datetime64)."""
    last = pd.Timestamp(min(period.last_day, as_of) if period else as_of)
    starts, ends = weeks["week_start"], weeks["week_end"]
    first = pd.Timestamp(period.start) if period else starts.min()
    return {
        "first_day": starts.where(starts >= first, first),
        "last_day": ends.where(ends <= last, last),
    }


def cost_per_lead_ranges(mix: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """Cost per lead of each paid channel and segment beside its benchmark range.

    Columns channel, segment, spend, leads, cpl, min_value, target_value, max_value, verdict
    (``ok``, ``high``, None where there is no benchmark or no lead).
    """
    whole = grouped(mix, ("channel", "segment"), {"spend": "float64", "leads": "int64"})
    groups = whole[whole["spend"] != 0].reset_index(drop=True)
    ends = ["min_value", "target_value", "max_value"]
    table = ranges.assign(pair=_pairs(ranges["category"], ranges["subcategory"]))
    pairs = groups.assign(
        cpl=column(m.CPL, groups),
        pair=_pairs(groups["channel"], groups["segment"]),
    )
    joined = beside(pairs, table[["pair", *ends]], "pair").drop(columns="pair")
    verdict = [
        None if np.isnan(cpl) or np.isnan(most) else "high" if cpl > most else "ok"
        for cpl, most in zip(joined["cpl"].round(9), joined["max_value"], strict=True)
    ]
    return by_size(joined.assign(verdict=pd.Series(verdict, dtype="object")), "channel")


def _pairs(one: pd.Series[str], other: pd.Series[str]) -> pd.Series[Any]:
    return pd.Series(list(zip(one, other, strict=True)), one.index, dtype="object")


def with_step_ranges(
    funnel: pd.DataFrame, steps: pd.DataFrame, segments: Sequence[str]
) -> pd.DataFrame:
    """The funnel with the range its step rate is expected in.

    ``steps`` numbers the conversions 1 (leads to MQLs), 2, 3 … per segment; over several segments
    the range spans theirs. Adds min_value, target_value (mean of the segments' targets), max_value
    and verdict: ``low`` below the range, else ``ok``, None where there is no range.
    """
    spans = (
        steps[steps["category"].isin(segments)]
        .groupby("step")
        .agg(
            min_value=("min_value", "min"),
            target_value=("target_value", "mean"),
            max_value=("max_value", "max"),
        )
    )
    marketing_steps = spans[spans.index < len(FUNNEL) - 1]
    joined = funnel.join(marketing_steps, how="left")
    known = joined["step_rate"].notna() & joined["min_value"].notna()
    verdict = np.where(joined["step_rate"].round(9) < joined["min_value"], "low", "ok")
    return joined.assign(verdict=pd.Series(verdict, index=joined.index).where(known))


def sparklines(weeks: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's weekly values by field name, None where a week leaves it undefined."""
    return {
        metric.field: [None if pd.isna(v) else float(v) for v in column(metric, weeks)]
        for metric in metrics
    }


def _mondays(weeks: pd.DataFrame, period: Period | None, as_of: date) -> pd.DatetimeIndex:
    if period is not None:
        first, last = pd.Timestamp(period.start), pd.Timestamp(min(period.last_day, as_of))
    elif weeks.empty:
        return pd.DatetimeIndex([])
    else:
        first, last = weeks["week_start"].min(), weeks["week_start"].max()
    return pd.date_range(first - pd.Timedelta(days=first.weekday()), last, freq=WEEK, unit="s")


def _share(values: pd.Series[float]) -> pd.Series[float]:
    whole = values.sum()
    return values / (whole or np.nan)


def _ratio(above: pd.Series[int], below: pd.Series[float]) -> pd.Series[float]:
    return above / below.where(below != 0)
