"""How many leads reach each step."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, figure


def steps(rows: pd.DataFrame) -> Figure:
    """A funnel of the steps, each with its share of those before."""
    shown = rows[rows["key"] != "answered"]
    texts = [
        f"{formats.show(moved, 'integer')} · {formats.show(rate, 'percent')}"
        for moved, rate in zip(shown["moved"], shown["rate"], strict=True)
    ]
    trace = {
        "type": "funnel",
        "y": shown["step"].tolist(),
        "x": shown["moved"].tolist(),
        "text": texts,
        "textinfo": "text",
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "meta": {"paint": "c1"},
    }
    return figure([trace], hovermode="closest")
