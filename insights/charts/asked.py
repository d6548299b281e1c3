"""What answers a question: groups beside each other, and one number's course."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from revops_site.kernel.charts import Figure, bars, dated, figure, line, unusual

MOST = 15  # bars that can be read beside each other


def ranked(rows: pd.DataFrame, name: str, label: str, said: Callable[[float], str]) -> Figure:
    """A number by group, in the order of the rows; ``said`` writes a value."""
    shown = rows[rows[name].notna()].head(MOST)
    values = shown[name].astype("float64")
    trace = bars(
        values,
        shown["label"],
        label,
        orientation="h",
        text=[said(one) for one in values.tolist()],
        textposition="outside",
        cliponaxis=False,
        customdata=shown["label"].tolist(),
        hovertemplate="%{customdata}: %{text}<extra></extra>",
    )
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    room = 0.2 * ((high - low) or 1.0)
    return figure(
        [trace],
        yaxis={"autorange": "reversed", "dtick": 1},
        xaxis={"range": [low - room * (low < 0), high + room], "showticklabels": False},
        hovermode="closest",
    )


def course(rows: pd.DataFrame, name: str, label: str, ticks: str) -> Figure:
    """A number from step to step."""
    values = rows[name].astype("float64")
    told = rows["unusual"].to_numpy()
    odd = unusual(rows["label"].to_numpy(), values.to_numpy(), told)
    traces = [line(rows["label"], values, label), *odd]
    return figure(
        traces,
        yaxis={"tickformat": ticks, "rangemode": "tozero"},
        xaxis=dated(rows["label"].tolist()) if rows["label"].str.contains(" ").all() else {},
        hovermode="x unified",
    )
