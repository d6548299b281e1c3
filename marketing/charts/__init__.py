"""Marketing's figures: a frame in, a figure out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import SERIES, Figure, bars, figure, line, points, ranges, unusual

TREND = (("Leads", "leads"), ("MQLs", "mqls"), ("SQLs", "sqls"))
UNNAMED = {"": "Not named"}


def stages(funnel: pd.DataFrame) -> Figure:
    """How many reach each stage, and whether each step is as large as it should be."""
    trace = {
        "type": "funnel",
        "y": funnel["stage"].tolist(),
        "x": funnel["count"].tolist(),
        "text": [_step(row) for row in funnel.to_dict("records")],
        "textinfo": "text",
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "meta": {"paint": "c1"},
    }
    return figure([trace], hovermode="closest")


def by_week(weeks: pd.DataFrame) -> Figure:
    """How leads, MQLs and SQLs move from week to week; cut weeks as open marks off the line.

    What was unusual of other numbers of the week, such as its spend, is marked at its foot.
    """
    partial = weeks["is_partial"].to_numpy()
    days = weeks["week_start"].to_numpy()
    counts = {name: weeks[name].to_numpy() for _, name in TREND}
    lines = [
        line(days[~partial], counts[name][~partial], label, nth)
        for nth, (label, name) in enumerate(TREND)
    ]
    marks = [
        points(
            days[partial],
            counts[name][partial],
            f"{label}, partial week",
            SERIES[nth],
            "circle-open",
        )
        for nth, (label, name) in enumerate(TREND)
        if partial.any()
    ]
    for mark in marks:
        mark["showlegend"] = False
    odd = unusual(days, _odd(weeks), weeks["unusual"].to_numpy())
    return figure([*lines, *marks, *odd], hovermode="x unified")


def _odd(weeks: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Where the week is marked: at the number that was unusual, where the chart draws it."""
    drawn = {name: weeks[name].tolist() for name in ("mqls", "leads")}
    levels = [
        next((drawn[name][nth] for name in series.split() if name in drawn), 0)
        for nth, series in enumerate(weeks["unusual_in"].tolist())
    ]
    return np.array(levels, dtype="float64")


def returns(channels: pd.DataFrame) -> Figure:
    """What each channel gives back for its money."""
    known = channels[channels["roi_percentage"].notna()].iloc[::-1]
    trace = bars(
        known["roi_percentage"],
        known["channel"],
        "ROI",
        orientation="h",
        text=[
            formats.screen(formats.show(value, "percentage")) for value in known["roi_percentage"]
        ],
        textposition="auto",
        hovertemplate="%{y}: %{x:,.0f}%<extra></extra>",
    )
    return figure([trace], xaxis={"ticksuffix": "%"}, hovermode="closest")


def acquisition_cost(groups: pd.DataFrame) -> Figure:
    """What a new customer costs in each group."""
    label = groups.columns[0]
    trace = bars(
        groups[label].replace(UNNAMED),
        groups["cac"],
        "CAC",
        text=[formats.screen(formats.show(value, "integer")) for value in groups["cac"]],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{y:,.0f}<extra></extra>",
    )
    return figure([trace], hovermode="closest", yaxis={"tickformat": ",.0f"})


def lead_cost(costs: pd.DataFrame) -> Figure:
    """Where a lead costs more than it should."""
    labels = np.array(lead_of(costs), dtype="object")[::-1]
    low, most, cost = (costs[name].to_numpy()[::-1] for name in ("min_value", "max_value", "cpl"))
    high = costs["verdict"].to_numpy()[::-1] == "high"
    traces = [
        ranges(labels, low, most, "Benchmark range"),
        points(np.where(high, np.nan, cost), labels, "Cost per lead", "c1"),
        points(np.where(high, cost, np.nan), labels, "Cost per lead, too high", "bad", "diamond"),
    ]
    return figure(traces, barmode="overlay", yaxis={"dtick": 1}, hovermode="closest")


def lead_of(costs: pd.DataFrame) -> list[str]:
    """What each row of ``lead_cost`` is called in the figure."""
    pairs = zip(costs["channel"].tolist(), costs["segment"].tolist(), strict=True)
    return [f"{channel} · {segment or UNNAMED['']}" for channel, segment in pairs]


def _step(row: Mapping[Any, Any]) -> str:
    """How many, which part of the stage before that is, and which part was to be expected."""
    text = formats.show(row["count"], "integer")
    if pd.isna(row["step_rate"]):
        return text
    text = f"{text} · {formats.show(row['step_rate'], 'percent')}"
    if pd.isna(row["min_value"]):
        return text
    low, high = (formats.show(row[end], "percent") for end in ("min_value", "max_value"))
    return f"{text}<br>expected {low} to {high}"
