"""When which series was unusual."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.charts import Figure, figure, points

SEVERITIES = (
    ("critical", "Critical", "bad", "diamond"),
    ("high", "High", "warn", "square"),
    ("medium", "Medium", "c1", "circle"),
)


def when(found: pd.DataFrame) -> Figure:
    """A mark a point: where it lies in time, of which series, and how grave it is."""
    traces = []
    for name, label, paint, symbol in SEVERITIES:
        own = found[found["severity"] == name]
        if own.empty:
            continue
        trace = points(own["start"].to_numpy(), own["label"], label, paint, symbol)
        pairs = zip(own["name"].tolist(), own["told"].tolist(), strict=True)
        trace["text"] = [f"{whose}: {told}" for whose, told in pairs]
        trace["hovertemplate"] = "%{text}<extra></extra>"
        traces.append(trace)
    drawn = figure(
        traces,
        yaxis={"dtick": 1, "type": "category", "autorange": "reversed", "automargin": True},
        hovermode="closest",
    )
    return type(drawn)(drawn.data, {**drawn.layout, "showlegend": True})
