"""For how long customers stay: a curve for each group, with its band."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.charts import SERIES, Figure, Trace, figure, line

MOST = 6  # beyond them colours repeat


def survival(points: pd.DataFrame) -> Figure:
    """The share of customers that stays beyond each day, and how sure that is."""
    traces: list[Trace] = []
    for nth, (group, rows) in enumerate(list(points.groupby("group", sort=False))[:MOST]):
        name = str(group) or "None given"
        paint = f"{SERIES[nth % len(SERIES)]}/20"
        low = _edge(rows, "low", name)
        high = _edge(rows, "high", name) | {
            "fill": "tonexty",
            "meta": {"paint": paint},
        }
        curve = line(rows["day"], rows["staying"], name, nth)
        curve["line"] |= {"shape": "hv"}
        curve |= {"mode": "lines", "hovertemplate": "%{y:.0%}", "legendgroup": name}
        traces += [low, high, curve]
    return figure(
        traces,
        showlegend=True,
        xaxis={"title": {"text": "Days since the start"}, "rangemode": "tozero"},
        yaxis={"tickformat": ".0%", "range": [0, 1.02]},
        hovermode="x unified",
    )


def _edge(rows: pd.DataFrame, end: str, name: str) -> Trace:
    """An end of the band: seen only by what lies between the two."""
    edge = line(rows["day"], rows[end].fillna(rows["staying"]), name)
    return edge | {
        "mode": "lines",
        "line": {"width": 0, "shape": "hv"},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": name,
        "meta": {"paint": "other/35"},
    }
