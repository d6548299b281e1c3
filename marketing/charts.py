"""Marketing's figures: a frame in, a figure out."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from revops_site.kernel.charts import bars, figure, line, points, ranges


def stages(funnel: pd.DataFrame) -> go.Figure:
    """How many reach each stage."""
    trace = go.Funnel(
        y=funnel["stage"].tolist(),
        x=funnel["count"].tolist(),
        textinfo="value+percent previous",
        hovertemplate="%{y}: %{x:,}<extra></extra>",
        meta={"paint": "c1"},
    )
    return figure([trace], hovermode="closest")


def by_week(weeks: pd.DataFrame) -> go.Figure:
    """How leads, MQLs and SQLs move from week to week."""
    names = (("Leads", "leads"), ("MQLs", "mqls"), ("SQLs", "sqls"))
    lines = [
        line(weeks["week_start"], weeks[name], label, nth) for nth, (label, name) in enumerate(names)
    ]
    return figure(lines, hovermode="x unified", yaxis={"rangemode": "tozero"})


def returns(channels: pd.DataFrame) -> go.Figure:
    """What each channel gives back for its money."""
    known = channels[channels["roi_percentage"].notna()].iloc[::-1]
    trace = bars(
        known["roi_percentage"],
        known["channel"],
        "ROI",
        orientation="h",
        hovertemplate="%{y}: %{x:,.0f}%<extra></extra>",
    )
    return figure([trace], xaxis={"ticksuffix": "%"}, hovermode="closest")


def acquisition_cost(groups: pd.DataFrame) -> go.Figure:
    """What a new customer costs in each group."""
    label = groups.columns[0]
    trace = bars(
        groups[label], groups["cac"], "CAC", hovertemplate="%{x}: %{y:,.0f}<extra></extra>"
    )
    return figure([trace])


def lead_cost(costs: pd.DataFrame) -> go.Figure:
    """Where a lead costs more than it should."""
    shown = costs.iloc[::-1]
    labels = shown["channel"] + " · " + shown["segment"]
    high = shown["verdict"] == "high"
    traces = [
        ranges(labels, shown["min_value"], shown["max_value"], "Benchmark range"),
        points(shown["cpl"].where(~high), labels, "Cost per lead", "c1"),
        points(shown["cpl"].where(high), labels, "Above the range", "bad", "diamond"),
    ]
    return figure(traces, barmode="overlay", yaxis={"dtick": 1}, hovermode="closest")
