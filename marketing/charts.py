"""Marketing's figures: a frame in, a figure out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import SERIES, Figure, bars, figure, line, points, ranges

TREND = (("Leads", "leads"), ("MQLs", "mqls"), ("SQLs", "sqls"))
UNNAMED = {"": "Not named"}


def stages(funnel: pd.DataFrame) -> Figure:
    """How many reach each stage, and whether each step is as large as it should be."""
    trace = {
        "type": "funnel",
        "y": funnel["stage"].tolist(),
        "x": funnel["count"].tolist(),
        "text": [_step(row) for _, row in funnel.iterrows()],
        "textinfo": "text",
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "meta": {"paint": "c1"},
    }
    return figure([trace], hovermode="closest")


def by_week(weeks: pd.DataFrame) -> Figure:
    """How leads, MQLs and SQLs move from week to week; cut weeks as open marks off the line."""
    whole, cut = weeks[~weeks["is_partial"]], weeks[weeks["is_partial"]]
    lines = [
        line(whole["week_start"], whole[name], label, nth)
        for nth, (label, name) in enumerate(TREND)
    ]
    marks = [
        points(cut["week_start"], cut[name], f"{label}, partial week", SERIES[nth], "circle-open")
        for nth, (label, name) in enumerate(TREND)
        if not cut.empty
    ]
    for mark in marks:
        mark["showlegend"] = False
    return figure([*lines, *marks], hovermode="x unified")


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
    shown = costs.iloc[::-1]
    labels = lead_of(shown)
    high = shown["verdict"] == "high"
    traces = [
        ranges(labels, shown["min_value"], shown["max_value"], "Benchmark range"),
        points(shown["cpl"].where(~high), labels, "Cost per lead", "c1"),
        points(shown["cpl"].where(high), labels, "Cost per lead, too high", "bad", "diamond"),
    ]
    return figure(traces, barmode="overlay", yaxis={"dtick": 1}, hovermode="closest")


def lead_of(costs: pd.DataFrame) -> pd.Series[str]:
    """What a row of ``lead_cost`` is called in the figure."""
    return costs["channel"] + " · " + costs["segment"].replace(UNNAMED)


def _step(row: pd.Series[Any]) -> str:
    """How many, which part of the stage before that is, and which part was to be expected."""
    text = formats.show(row["count"], "integer")
    if pd.isna(row["step_rate"]):
        return text
    text = f"{text} · {formats.show(row['step_rate'], 'percent')}"
    if pd.isna(row["min_value"]):
        return text
    low, high = (formats.show(row[end], "percent") for end in ("min_value", "max_value"))
    return f"{text}<br>expected {low} to {high}"
