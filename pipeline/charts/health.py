"""Figures of deal health: the bands, what costs points, and where the share at risk goes."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, bars, dated, figure, line

PAINTS = {"Healthy": "good", "Monitor": "c1", "At Risk": "warn", "Critical": "bad"}


def bands(rows: pd.DataFrame) -> Figure:
    """What the open deals of each band are worth, its share of all, and how many they are."""
    shown = rows.iloc[::-1]
    traces = []
    for band, paint in PAINTS.items():
        one = shown[shown["health_category"] == band]
        counts = [
            f"{formats.show(share, 'percent')} · {count:,} {'deal' if count == 1 else 'deals'}"
            for share, count in zip(one["amount_shown"], one["deals"], strict=True)
        ]
        traces.append(
            bars(
                one["amount"],
                one["health_category"],
                band,
                paint,
                orientation="h",
                text=counts,
                textposition="outside",
                cliponaxis=False,
                width=0.7,
                hovertemplate="%{y}: %{x:,.0f} · %{text}<extra></extra>",
            )
        )
    end = float(rows["amount"].max())
    axis = {"tickformat": "~s", **({"range": [0, end * 1.4]} if end > 0 else {})}
    order = {"categoryorder": "array", "categoryarray": list(PAINTS)[::-1]}
    return figure(
        traces,
        xaxis=axis,
        yaxis={"dtick": 1, **order},
        hovermode="closest",
        barmode="overlay",
        showlegend=False,
    )


def components(rows: pd.DataFrame) -> Figure:
    """The mean points of each component beside the most that it can have."""
    shown = rows.iloc[::-1]
    texts = [formats.show(one, "decimal1") for one in shown["points"]]
    had = bars(
        shown["points"],
        shown["component"],
        "Points",
        "c1",
        orientation="h",
        text=texts,
        textposition="inside",
        hovertemplate="%{y}: %{x:.1f} points<extra></extra>",
    )
    lost = bars(
        shown["lost"],
        shown["component"],
        "Lost",
        "other/35",
        orientation="h",
        hovertemplate="%{y}: %{x:.1f} points lost<extra></extra>",
    )
    return figure(
        [had, lost],
        barmode="stack",
        xaxis={"title": {"text": "Points of a hundred"}},
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def weeks(rows: pd.DataFrame) -> Figure:
    """The share at risk as it was kept each week."""
    labels = rows["week"]
    way = line(labels, rows["at_risk_share"], "Share at risk")
    way |= {"meta": {"paint": "bad"}, "hovertemplate": "%{y:.0%}"}
    return figure(
        [way],
        xaxis={"type": "category", **dated(labels.tolist())},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
        hovermode="x unified",
    )
