"""One rep beside others, over weekdays, quarters and stages."""

from __future__ import annotations

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import Figure, bars, dated, figure, line, points

LOW = "low"


def drivers(rows: pd.DataFrame) -> Figure:
    """Each measure of the rep, the top performers and the team, of the largest of the three."""
    shown = rows.iloc[::-1]
    labels = shown["metric_label"]
    traces = []
    for name, text, label, paint in (
        ("top_bar_pct", "top_text", "Top performers", "c2"),
        ("rep_bar_pct", "rep_text", "Rep", "c1"),
    ):
        traces.append(
            bars(
                shown[name].astype("float64"),
                labels,
                label,
                paint,
                orientation="h",
                text=shown[text].tolist(),
                textposition="outside",
                cliponaxis=False,
                hovertemplate="%{y}: %{text}<extra></extra>",
            )
        )
    team = points(shown["team_bar_pct"].astype("float64"), labels, "Team", "text", "line-ns-open")
    team["marker"] |= {"size": 20, "line": {"width": 3}}
    team["text"] = shown["team_text"].tolist()
    team["hovertemplate"] = "%{y}: %{text}<extra>Team</extra>"
    return figure(
        [*traces, team],
        barmode="group",
        xaxis={"range": [0, 112], "showticklabels": False},
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def weekdays(rows: pd.DataFrame) -> Figure:
    """What is done on each weekday; the low ones in another paint."""
    traces = []
    for is_low, name, paint in (("", "Activities a day", "c1"), (LOW, "Low day", "warn")):
        own = rows[rows["low"] == is_low]
        if not own.empty:
            traces.append(
                bars(
                    own["weekday"],
                    own["average"],
                    name,
                    paint,
                    text=[formats.show(one, "decimal1") for one in own["average"]],
                    textposition="auto",
                    hovertemplate="%{x}: %{y:.1f} a day<extra></extra>",
                )
            )
    order = {"categoryorder": "array", "categoryarray": rows["weekday"].tolist()}
    return figure(traces, barmode="overlay", xaxis=order, yaxis={"rangemode": "tozero"})


def quarters(rows: pd.DataFrame) -> Figure:
    """Attainment and win rate of each quarter."""
    labels = rows["quarter"]
    won = line(labels, rows["attainment"].astype("float64"), "Attainment", 0)
    rate = line(labels, rows["win_rate"].astype("float64"), "Win rate", 1)
    for trace in (won, rate):
        trace["hovertemplate"] = "%{y:.0%}"
    return figure(
        [won, rate],
        xaxis={"type": "category", **dated(labels.tolist())},
        yaxis={"tickformat": ".0%", "rangemode": "tozero"},
        hovermode="x unified",
    )


def stages(rows: pd.DataFrame) -> Figure:
    """How many deals move on from each stage, beside the team."""
    shown = rows.iloc[::-1]
    own = bars(
        shown["conversion_rate"].astype("float64"),
        shown["stage_name"],
        "Rep",
        "c1",
        orientation="h",
        customdata=[int(n) for n in shown["resolved"]],
        hovertemplate="%{y}: %{x:.0%} · n %{customdata:,}<extra></extra>",
    )
    team = points(
        shown["team_conversion_rate"].astype("float64"),
        shown["stage_name"],
        "Team",
        "text",
        "line-ns-open",
    )
    team["marker"] |= {"size": 20, "line": {"width": 3}}
    team["hovertemplate"] = "%{y}: %{x:.0%}<extra>Team</extra>"
    return figure(
        [own, team],
        xaxis={"tickformat": ".0%", "range": [0, 1.05]},
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def calls(rows: pd.DataFrame) -> Figure:
    """How far calls of each closed quarter were off, above 0 too high."""
    trace = bars(
        rows["quarter"],
        rows["bias"].astype("float64"),
        "Bias",
        "c1",
        text=[formats.show(one, "percentDelta") for one in rows["bias"]],
        textposition="auto",
        hovertemplate="%{x}: %{y:+.0%}<extra></extra>",
    )
    return figure([trace], xaxis={"type": "category"}, yaxis={"tickformat": "+.0%"})
