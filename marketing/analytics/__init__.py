"""Marketing's arithmetic: frames of operands in, rates, shares and weeks out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from marketing import metrics as m
from revops_site.kernel.frames import (
    Array,
    Floats,
    array,
    arrays,
    found,
    framed,
    grouped,
    listed,
    taken,
)
from revops_site.kernel.metrics import Measured, Metric, measure, sums, values
from revops_site.kernel.periods import Period, plus

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
ENDS = ("min_value", "target_value", "max_value")


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
    rows = arrays(mix)
    sums = {name: str(one.dtype) for name, one in rows.items() if name not in PLACES}
    groups: dict[str, Any] = arrays(grouped(rows, (by,), sums))
    spend = groups["spend"]
    return taken(
        {
            **{name: groups[name] for name in (by, "spend", *VOLUMES)},
            "cac": values(m.CAC, groups),
            "cpl": values(m.CPL, groups),
            "conversion_rate": values(m.CONVERSION, groups),
            "roi_percentage": values(m.ROI, groups),
            "spend_share": spend / (spend.sum() or np.nan),
        },
        np.lexsort((np.arange(len(spend)), -spend)).tolist(),  # groups come by name
    )


def _size(segment: str) -> int:
    return SEGMENTS.index(segment) if segment in SEGMENTS else len(SEGMENTS)


def by_size(groups: pd.DataFrame, *first: str) -> pd.DataFrame:
    """The rows ordered by ``first``, then by segment from small customers to large; none last."""
    columns = arrays(groups)
    parts = [listed(columns[name]) for name in first]
    keys = list(zip(*parts, map(_size, listed(columns["segment"])), strict=True))
    return taken(columns, sorted(range(len(keys)), key=keys.__getitem__))


def channel_performance(mix: pd.DataFrame) -> pd.DataFrame:
    """``performance`` by channel."""
    return performance(mix, "channel")


def funnel_breakdown(mix: pd.DataFrame) -> pd.DataFrame:
    """The volume funnel of a period, one row per stage.

    Columns stage, count, step_rate (to the stage before), cumulative_rate (to leads), over_100.
    """
    whole = totals(mix)
    counts = array([int(whole[name]) for name in VOLUMES], "int64")
    step = _ratio(counts, np.array([np.nan, *counts[:-1]]))
    return framed(
        {
            "stage": array([stage for stage, _ in FUNNEL], "str"),
            "count": counts,
            "step_rate": step,
            "cumulative_rate": _ratio(counts, np.full(len(counts), float(counts[0]))),
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
    sundays = [plus(monday, 6) for monday in mondays]
    known = arrays(weeks)
    days = {"week_start": array(_days(weeks["week_start"]), "object")}
    sums = found(mondays, days | {name: known[name] for name in names}, "week_start", 0.0)
    last = min(period.last_day, as_of) if period else as_of
    partial = [
        sunday > last or (period is not None and monday < period.start)
        for monday, sunday in zip(mondays, sundays, strict=True)
    ]
    return framed(
        {
            "week_start": array(mondays, "datetime64[s]"),
            "week_end": array(sundays, "datetime64[s]"),
            **{name: one.astype(str(known[name].dtype)) for name, one in sums.items()},
            "is_partial": array(partial, "bool"),
        }
    )


def days_within(weeks: pd.DataFrame, period: Period | None, as_of: date) -> dict[str, Array]:
    """The first_day and last_day of each week that the period and ``as_of`` leave (datetime64)."""
    starts, ends = (weeks[name].to_numpy() for name in ("week_start", "week_end"))
    last = min(period.last_day, as_of) if period else as_of
    return {
        "first_day": np.maximum(starts, np.datetime64(period.start, "s")) if period else starts,
        "last_day": np.minimum(ends, np.datetime64(last, "s")),
    }


def cost_per_lead_ranges(mix: pd.DataFrame, ranges: pd.DataFrame) -> pd.DataFrame:
    """Cost per lead of each paid channel and segment beside its benchmark range.

    Columns channel, segment, spend, leads, cpl, min_value, target_value, max_value, verdict
    (``ok``, ``high``, None where there is no benchmark or no lead).
    """
    sums = {"spend": "float64", "leads": "int64"}
    of: dict[str, Any] = arrays(grouped(arrays(mix), ("channel", "segment"), sums))
    paid = of["spend"] != 0
    of = {name: one[paid] for name, one in of.items()}
    table = {"pair": _pairs(ranges["category"], ranges["subcategory"])}
    table |= {name: ranges[name].to_numpy() for name in ENDS}
    ends = found(listed(_pairs(of["channel"], of["segment"])), table, "pair")
    cost = values(m.CPL, of)
    verdict = [
        None if np.isnan(cpl) or np.isnan(most) else "high" if cpl > most else "ok"
        for cpl, most in zip(cost.round(9), ends["max_value"], strict=True)
    ]
    joined = framed({**of, "cpl": cost, **ends, "verdict": array(verdict, "object")})
    return by_size(joined, "channel")


def _pairs(one: Array | pd.Series[str], other: Array | pd.Series[str]) -> Array:
    return array(list(zip(listed(one), listed(other), strict=True)), "object")


def with_step_ranges(
    funnel: pd.DataFrame, steps: pd.DataFrame, segments: Sequence[str]
) -> pd.DataFrame:
    """The funnel with the range its step rate is expected in.

    ``steps`` numbers the conversions 1 (leads to MQLs), 2, 3 … per segment; over several segments
    the range spans theirs. Adds min_value, target_value (mean of the segments' targets), max_value
    and verdict: ``low`` below the range, else ``ok``, None where there is no range.
    """
    spans: dict[int, list[tuple[float, ...]]] = {}
    given = (listed(steps[name]) for name in ("category", "step", *ENDS))
    for category, step, *ends in zip(*given, strict=True):
        if category in segments and step < len(FUNNEL) - 1:
            spans.setdefault(step, []).append(tuple(ends))
    spanned = [_span(spans.get(step, ())) for step in range(len(funnel))]
    columns = {
        name: array(one, "float64")
        for name, one in zip(ENDS, zip(*spanned, strict=True), strict=True)
    }
    verdict = [
        None if np.isnan(rate) or np.isnan(least) else "low" if rate < least else "ok"
        for rate, (least, *_) in zip(funnel["step_rate"].round(9), spanned, strict=True)
    ]
    return framed({**arrays(funnel), **columns, "verdict": array(verdict, "object")})


def _span(ranges: Sequence[tuple[float, ...]]) -> tuple[float, float, float]:
    """The range that spans these, with the mean of their targets; NaN where none is known."""
    lows, aims, highs = (
        [ends[nth] for ends in ranges if not np.isnan(ends[nth])] for nth in range(len(ENDS))
    )
    aim = sum(aims) / len(aims) if aims else np.nan
    return min(lows, default=np.nan), aim, max(highs, default=np.nan)


def sparklines(weeks: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's weekly values by field name, None where a week leaves it undefined."""
    of = arrays(weeks)
    return {
        metric.field: [None if np.isnan(one) else one for one in values(metric, of).tolist()]
        for metric in metrics
    }


def _mondays(weeks: pd.DataFrame, period: Period | None, as_of: date) -> list[date]:
    """The first days of all weeks that have a day of the period, or of the data."""
    if period is not None:
        first, last = period.start, min(period.last_day, as_of)
    elif weeks.empty:
        return []
    else:
        days = _days(weeks["week_start"])
        first, last = min(days), max(days)
    monday = plus(first, -first.weekday())
    return [plus(monday, days) for days in range(0, (last - monday).days + 1, 7)]


def _days(column: pd.Series[Any]) -> list[date]:
    """The days of a column of them."""
    return listed(np.asarray(column).astype("datetime64[D]"))


def _ratio(above: Any, below: Floats) -> Floats:
    unknown = np.full(len(below), np.nan)
    rates: Floats = np.divide(above, below, out=unknown, where=below != 0)
    return rates
