"""Figures over several domains: a frame in, a figure out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pandas as pd

from insights.charts import alerts as alerts
from revops_site.kernel.charts import SERIES, Figure, bars, figure, line, points, ranges

SHOWN = (
    ("first_touch", "First touch", "c2", "triangle-left"),
    ("last_touch", "Last touch", "c3", "triangle-right"),
    ("markov", "Markov", "c4", "diamond"),
    ("u_shaped", "U-shaped", "c1", "circle"),
)
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x")
MOST_LINES = 6
PAINTS = {
    "up": {"more": ("Better", "good"), "less": ("Worse", "bad")},
    "down": {"more": ("Worse", "bad"), "less": ("Better", "good")},
    "neither": {"more": ("More", "c1"), "less": ("Less", "c3")},
}
LONGEST = 26  # letters of a label that stand in one line


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


def saturation(found: pd.DataFrame) -> Figure:
    """Each channel's weeks by what they spent, and its curve; those with a curve come first."""
    told = found.groupby("channel", sort=False)["fitted"].any()
    channels = [*told[told].index, *told[~told].index][: len(SERIES)]
    traces = []
    for nth, channel in enumerate(channels):
        own = found[found["channel"] == channel]
        weeks = points(own["spend"], own["pipeline"], str(channel), SERIES[nth], SYMBOLS[nth])
        weeks["marker"]["size"] = 7
        traces.append(weeks)
        if told[channel]:
            curve = line(own["spend"], own["fitted"], f"{channel}, curve", nth)
            traces.append({**curve, "mode": "lines", "meta": {"paint": SERIES[nth]}})
    titles = {"xaxis": "Spend of a week", "yaxis": "Pipeline of the week"}
    axes = {axis: {"title": {"text": title}} for axis, title in titles.items()}
    return figure(traces, hovermode="closest", **axes)


def steps(
    rows: pd.DataFrame,
    better: Literal["up", "down", "neither"],
    said: Callable[[float], str],
    tickformat: str,
) -> Figure:
    """What led from nothing to the change, one step below the other.

    Of label, value and is_change, the last the change itself; ``said`` writes a value.
    """
    values = rows["value"].to_numpy(dtype="float64")
    ends = values.cumsum()
    is_change = rows["is_change"].to_numpy(dtype="bool")
    begins = (ends - values) * ~is_change
    labels = rows["label"]
    traces = []
    kinds = {
        PAINTS[better]["more"]: (values > 0) & ~is_change,
        PAINTS[better]["less"]: (values <= 0) & ~is_change,
        ("Change", "c2" if better != "neither" else "c4"): is_change,
    }
    for (name, paint), among in kinds.items():
        if among.any():
            traces.append(
                bars(
                    pd.Series(values[among]),
                    labels[among],
                    name,
                    paint,
                    base=begins[among].tolist(),
                    orientation="h",
                    text=[said(one) for one in values[among].tolist()],
                    textposition="outside",
                    cliponaxis=False,
                    customdata=labels[among].tolist(),
                    hovertemplate="%{customdata}: %{text}<extra></extra>",
                )
            )
    levels = [0.0, *begins.tolist(), *ends[~is_change].tolist(), float(values[-1])]
    room = 0.22 * ((max(levels) - min(levels)) or 1.0)
    return figure(
        traces,
        barmode="overlay",
        yaxis={
            "autorange": "reversed",
            "categoryorder": "array",
            "categoryarray": labels.tolist(),
            "tickvals": labels.tolist(),
            "ticktext": [_broken(one) for one in labels.tolist()],
        },
        xaxis={"tickformat": tickformat, "range": [min(levels) - room, max(levels) + room]},
        hovermode="closest",
    )


def _broken(label: str) -> str:
    """A label in two lines where it is long."""
    if len(label) <= LONGEST:
        return label
    head, mark, tail = label.rpartition(" in ")
    return f"{head}<br>in {tail}" if mark else label
