"""Reps beside each other: what they won of the quota, and how often they win."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, bars, figure, points, ranges

MOST = 25
PAINTS = {
    "Top Performer": "good",
    "On Track": "c1",
    "Needs Improvement": "warn",
    "At Risk": "bad",
    "": "other",
}
NAMES = {"": "Not judged"}


def attainment(reps: pd.DataFrame) -> Figure:
    """What each rep won of the quota to date, in the paint of the tier; a line at all of it."""
    shown = reps.head(MOST).iloc[::-1]
    traces = []
    for tier, paint in PAINTS.items():
        own = shown[shown["performance_tier"] == tier]
        own = own[own["ytd_attainment"].notna()]
        if not own.empty:
            texts = [formats.show(one, "percent") for one in own["ytd_attainment"]]
            traces.append(
                bars(
                    own["ytd_attainment"],
                    own["name"],
                    NAMES.get(tier, tier),
                    paint,
                    orientation="h",
                    text=texts,
                    textposition="outside",
                    cliponaxis=False,
                    width=0.7,
                    hovertemplate="%{y}: %{x:.0%}<extra></extra>",
                )
            )
    whole = points(shown["ytd_attainment"] * 0 + 1, shown["name"], "Quota", "text", "line-ns-open")
    whole["marker"] |= {"size": 16, "line": {"width": 2}}
    whole["hovertemplate"] = "The quota to date<extra></extra>"
    traces.append(whole)
    end = max(1.0, float(shown["ytd_attainment"].max())) * 1.15
    order = {"categoryorder": "array", "categoryarray": shown["name"].tolist()}
    return figure(
        traces,
        barmode="overlay",
        xaxis={"tickformat": ".0%", "range": [0, end]},
        yaxis={"dtick": 1, **order},
        hovermode="closest",
    )


def win_rates(reps: pd.DataFrame) -> Figure:
    """Where each win rate lies with 95 % certainty, the bare one and the fair one."""
    shown = reps.head(MOST).iloc[::-1]
    low, high = shown["win_rate_low"], shown["win_rate_high"]
    band = ranges(shown["name"], low, high, "95 % certain")
    band["hovertemplate"] = "%{y}: %{base:.0%} to %{x:.0%}<extra></extra>"
    bare = points(shown["win_rate"], shown["name"], "Win rate", "c1")
    bare["text"] = [f"n {int(n):,}" for n in shown["decided"]]
    bare["hovertemplate"] = "%{y}: %{x:.0%} · %{text}<extra></extra>"
    fair = points(shown["win_rate_shrunk"], shown["name"], "Fair", "c2", "diamond")
    fair["hovertemplate"] = "%{y}: %{x:.0%} fair<extra></extra>"
    order = {"categoryorder": "array", "categoryarray": shown["name"].tolist()}
    return figure(
        [band, bare, fair],
        xaxis={"tickformat": ".0%", "rangemode": "tozero"},
        yaxis={"dtick": 1, **order},
        hovermode="closest",
    )
