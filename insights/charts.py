"""Figures over several domains: a frame in, a figure out."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.charts import Figure, figure, line, points, ranges

SHOWN = (
    ("first_touch", "First touch", "c2", "triangle-left"),
    ("last_touch", "Last touch", "c3", "triangle-right"),
    ("markov", "Markov", "c4", "diamond"),
    ("u_shaped", "U-shaped", "c1", "circle"),
)
MOST_LINES = 6


def models(found: pd.DataFrame) -> Figure:
    """How far the models are apart for each channel."""
    rows = found.iloc[::-1]
    labels = rows["channel"]
    traces = [ranges(labels, rows["low"], rows["high"], "Lowest to highest")]
    traces += [
        points(rows[name], labels, label, paint, symbol)
        for name, label, paint, symbol in SHOWN
        if rows[name].notna().any()
    ]
    return figure(traces, barmode="overlay", yaxis={"dtick": 1}, hovermode="closest")


def months(found: pd.DataFrame) -> Figure:
    """How the credit of the largest channels moves from month to month."""
    largest = found.groupby("channel")["credit"].sum().nlargest(MOST_LINES)
    rows = found.sort_values("month", kind="stable")
    lines = []
    for nth, name in enumerate(largest.index):
        own = rows[rows["channel"] == name]
        lines.append(line(own["month"], own["credit"], str(name), nth))
    return figure(lines, hovermode="x unified")


def paths(found: pd.DataFrame) -> Figure:
    """What a channel's removal would cost."""
    rows = found.iloc[::-1]
    return figure(
        [points(rows["removal_effect"], rows["channel"], "Removal effect", "c4", "diamond")],
        xaxis={"tickformat": ".0%"},
        yaxis={"dtick": 1},
        hovermode="closest",
    )
