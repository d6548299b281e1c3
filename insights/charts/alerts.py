"""When an alert would have fired: the figure by week, its limit, and the weeks it would tell."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel.charts import Figure, figure, line, points

TICKS = {"percent": ".1~%", "amount": "~s", "money": "~s"}


def watched(weeks: pd.DataFrame, label: str, show: str, limit: float | None) -> Figure:
    """``weeks`` has day, value and fires (bool); ``limit`` None where it is about a change."""
    traces = [line(weeks["day"], weeks["value"], label)]
    if limit is not None:
        flat = pd.Series([limit] * len(weeks), index=weeks.index, dtype="float64")
        edge = line(weeks["day"], flat, "Limit", 1)
        traces.append({**edge, "mode": "lines", "meta": {"paint": "warn"}})
    fired = weeks[weeks["fires"]]
    if len(fired):
        traces.append(points(fired["day"], fired["value"], "Would have fired", "bad", "diamond"))
    ticks = next((form for kind, form in TICKS.items() if show.startswith(kind)), "~s")
    if show == "percentage":
        ticks = "~s"
    return figure(traces, yaxis={"tickformat": ticks}, hovermode="x unified")
