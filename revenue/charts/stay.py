"""Figures of who leaves, what renews, and what MRR will be."""

from __future__ import annotations

import math

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, Trace, bars, dated, figure, line, points

PREFIX = "as: "


def leaving(months: pd.DataFrame) -> Figure:
    """How many left in each month, by reason."""
    names = [name for name in months.columns if name.startswith(PREFIX)]
    traces = []
    for nth, name in enumerate(names):
        reason = name.removeprefix(PREFIX)
        paint = f"c{nth + 1}" if nth < 5 and reason != "Other reasons" else "other"
        traces.append(bars(months["key"], months[name], reason, paint, hovertemplate="%{y:,.0f}"))
    return figure(
        traces,
        barmode="stack",
        showlegend=True,
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"title": {"text": "Customers lost"}, "rangemode": "tozero"},
        hovermode="x unified",
    )


def signs(rows: pd.DataFrame) -> Figure:
    """How many times as often customers with each sign left, with its interval."""
    shown = rows.iloc[::-1]
    marks = points(shown["lift"], shown["sign"], "Times as often", "bad")
    marks |= {
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": (shown["high"] - shown["lift"]).tolist(),
            "arrayminus": (shown["lift"] - shown["low"]).tolist(),
        },
        "hovertemplate": "%{y}: %{x:.1f} times<extra></extra>",
    }
    return figure(
        [marks],
        xaxis={
            "type": "log",
            "title": {"text": "Times as often (1: no more than others)"},
            "range": [-0.05, math.log10(max(2.0, *shown["high"]) * 1.2)],  # from 1 on
            "tickvals": [1, 2, 3, 5, 10, 20, 50],
        },
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def bands(rows: pd.DataFrame) -> Figure:
    """What share of each band left within three months, with its interval."""
    shown = rows[rows["n"] > 0].assign(band=lambda frame: frame["band"].replace("", "Not known"))
    trace = bars(
        shown["band"],
        shown["share"],
        "Left within 3 months",
        "c1",
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (shown["high"] - shown["share"]).tolist(),
            "arrayminus": (shown["share"] - shown["low"]).tolist(),
        },
        text=[formats.show(share, "percent1") for share in shown["share"]],
        textposition="inside",
        insidetextanchor="start",
        hovertemplate="%{x}: %{y:.1%}<extra></extra>",
    )
    return figure([trace], yaxis={"tickformat": ".0%", "rangemode": "tozero"}, hovermode="closest")


def renewed(months: pd.DataFrame) -> Figure:
    """Which share of each month's renewals stayed."""
    rate = line(months["key"], months["rate"], "Renewed", 0)
    money = line(months["key"], months["mrr_rate"], "Renewed, by MRR", 1)
    for one in (rate, money):
        one["hovertemplate"] = "%{y:.1%}"
    return figure(
        [rate, money],
        xaxis={"type": "category", **dated(months["key"].tolist())},
        yaxis={"tickformat": ".0%"},
        hovermode="x unified",
    )


def course(months: pd.DataFrame) -> Figure:
    """MRR of the last months, what is expected of the next ones, and the ranges about it."""
    keys = months["key"]
    known = line(keys, months["mrr"], "MRR", 0)
    said = line(keys, months["forecast"], "Expected", 1)
    traces = [
        *_band(months, "low_95", "high_95", "19 of 20", "other/35"),
        *_band(months, "low_80", "high_80", "8 of 10", "c2/35"),
        known,
        said,
    ]
    for one in (known, said):
        one["hovertemplate"] = "%{y:,.0f}"
    return figure(
        traces,
        barmode="overlay",
        xaxis={"type": "category", **dated(keys.tolist())},
        yaxis={"tickformat": "~s", **_room(months)},
        hovermode="x unified",
    )


def _room(months: pd.DataFrame) -> dict[str, list[float]]:
    """Where the axis begins and ends: what MRR varies by would be lost above a zero."""
    ends = pd.concat([months[name] for name in ("mrr", "low_95", "high_95")]).dropna()
    return {"range": [float(ends.min()) * 0.9, float(ends.max()) * 1.04]} if len(ends) else {}


def _band(months: pd.DataFrame, low: str, high: str, name: str, paint: str) -> list[Trace]:
    """Upright bars from low to high: what the range holds in each month."""
    return [
        bars(
            months["key"],
            months[high] - months[low],
            name,
            paint,
            base=[None if v != v else v for v in months[low].tolist()],
            customdata=[
                [formats.show(a, "money"), formats.show(b, "money")]
                for a, b in zip(months[low], months[high], strict=True)
            ],
            hovertemplate="%{customdata[0]} to %{customdata[1]}",
        )
    ]
