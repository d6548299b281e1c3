"""How many leads reach each step."""

from __future__ import annotations

from textwrap import wrap

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, figure, line

LONGEST = 20  # letters of a line that a phone has room for beside the bars


def steps(rows: pd.DataFrame) -> Figure:
    """A funnel of the steps, each with its share of those before."""
    shown = rows[rows["key"] != "answered"]
    texts = [
        f"{formats.show(moved, 'integer')} · {formats.show(rate, 'percent')}"
        for moved, rate in zip(shown["moved"], shown["rate"], strict=True)
    ]
    trace = {
        "type": "funnel",
        "y": ["<br>".join(wrap(step, LONGEST)) for step in shown["step"]],
        "x": shown["moved"].tolist(),
        "text": texts,
        "textinfo": "text",
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "meta": {"paint": "c1"},
    }
    return figure([trace], hovermode="closest")


def paces(rows: pd.DataFrame) -> Figure:
    """Which share has gone on after how many days, a line for each step."""
    names = [name for name in map(str, rows.columns) if name.startswith("by_")]
    by_day = [(int(name.removeprefix("by_")), name) for name in names]
    lines = []
    for nth, row in enumerate(rows.to_dict("records")):
        known = [(day, row[name]) for day, name in by_day if row[name] == row[name]]
        days, shares = zip((0, 0.0), *known, strict=True)
        drawn = line(pd.Series(days), pd.Series(shares), str(row["step"]), nth)
        lines.append(drawn | {"hovertemplate": "%{y:.0%}"})
    return figure(
        lines,
        showlegend=True,
        hovermode="x unified",
        xaxis={"title": {"text": "Days since the step before"}, "rangemode": "tozero"},
        yaxis={"tickformat": ".0%", "range": [0, 1.02]},
    )
