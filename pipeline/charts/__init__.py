"""Pipeline's figures: a frame in, a figure out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.charts import (
    WEEK_OF_QUARTER,
    Figure,
    bars,
    dated,
    figure,
    line,
    points,
    ranges,
    unusual,
)

FLOWS = (
    ("Created", "created_amount", "c1"),
    ("Won", "won_amount", "good"),
    ("Lost", "lost_amount", "other"),
)
STAGE_LIGHTS = (
    ("Average, on plan", "c1", ("green", None)),
    ("A little slow", "warn", ("yellow",)),
    ("Too slow", "bad", ("red",)),
)


def by_stage(stages: pd.DataFrame) -> Figure:
    """How much is open in each stage."""
    shown = stages.iloc[::-1]
    trace = bars(
        shown["amount"],
        shown["stage"],
        "Open amount",
        orientation="h",
        text=[_deals(count) for count in shown["open_deals"]],
        textposition="outside",
        hovertemplate="%{y}: %{x:,.0f} · %{text}<extra></extra>",
    )
    room = float(shown["amount"].max()) * 1.25  # for the text beside the longest bar
    axis = {"tickformat": "~s", **({"range": [0, room]} if room > 0 else {"rangemode": "tozero"})}
    return figure([trace], xaxis=axis, yaxis={"dtick": 1}, hovermode="closest")


def flow(weeks: pd.DataFrame) -> Figure:
    """What comes into the pipeline and what leaves it."""
    traces = [
        bars(weeks["key"], weeks[name], label, paint, hovertemplate="%{y:,.0f}")
        for label, name, paint in FLOWS
    ]
    told = weeks["unusual"].to_numpy()
    odd = unusual(weeks["key"].to_numpy(), weeks["created_amount"].to_numpy(), told)
    return figure(
        [*traces, *odd],
        barmode="group",
        xaxis={"type": "category", **dated(weeks["key"].tolist())},
        yaxis={"tickformat": "~s"},
        hovermode="x unified",
    )


def win_rates(segments: pd.DataFrame) -> Figure:
    """Which segment is won as often as it should be."""
    return _held_against(segments, "win_rate", "Win rate", "percent", low_is_bad=True)


def cycles(segments: pd.DataFrame) -> Figure:
    """Which segment takes longer to win than it should."""
    return _held_against(segments, "avg_sales_cycle_days", "Days", "days", low_is_bad=False)


def stage_times(stages: pd.DataFrame) -> Figure:
    """How long each stage takes, beside what was planned."""
    shown = stages.iloc[::-1]
    labels = shown["stage_name"]
    average = shown["avg_duration_days"]
    traces = [
        bars(
            average.where(shown["status_indicator"].isin(lights)),
            labels,
            name,
            paint,
            orientation="h",
            text=[formats.show(one, "days1") for one in average],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:,.1f} days<extra></extra>",
        )
        for name, paint, lights in STAGE_LIGHTS
    ]
    drawn = [one for one in traces if any(x is not None for x in one["x"])]
    planned = points(shown["benchmark_days"], labels, "Planned", "text", "line-ns-open")
    planned["marker"] |= {"size": 20, "line": {"width": 3}}
    planned["hovertemplate"] = "%{y}: %{x:,.1f} days planned<extra></extra>"
    end = float(shown[["avg_duration_days", "benchmark_days"]].max().max())
    axis = {"tickformat": ",.0f", **({"range": [0, end * 1.15]} if end > 0 else {})}
    return figure(
        [*drawn, planned],
        barmode="overlay",
        xaxis=axis,
        yaxis={"dtick": 1},
        hovermode="closest",
    )


def bridge(steps: pd.DataFrame) -> Figure:
    """What made the open pipeline another: up and down, from the one day to the other."""
    ends = steps["step"].isin(["start", "end"])
    measures = ["absolute" if end else "relative" for end in ends]
    hover = "%{x}: %{text} · %{customdata:,} deals<extra></extra>"
    return _waterfall(
        steps["label"], steps["amount"], measures, hover, customdata=steps["deals"].tolist()
    )


def parts(rows: pd.DataFrame) -> Figure:
    """What a forecast is the sum of: each part on top of those before."""
    measures = ["total" if total else "relative" for total in rows["is_total"]]
    return _waterfall(rows["part"], rows["amount"], measures, "%{x}: %{y:,.0f}<extra></extra>")


def _waterfall(
    names: pd.Series[str],
    amounts: pd.Series[float],
    measures: list[str],
    hover: str,
    **options: Any,
) -> Figure:
    labels = names.tolist()
    texts = [formats.show(one, "amount_auto", "").replace(" ", "") for one in amounts]
    trace = dict(
        type="waterfall",
        x=labels,
        y=amounts.tolist(),
        measure=measures,
        name="Amount",
        text=[formats.screen(one) for one in texts],
        textposition="outside",
        cliponaxis=False,
        hovertemplate=hover,
        **options,
    )
    axis = {"tickvals": labels, "ticktext": [label.replace(" ", "<br>") for label in labels]}
    money = {"tickformat": "~s", **_room(amounts, measures)}
    return figure([trace], xaxis=axis, yaxis=money, hovermode="closest")


def _room(amounts: pd.Series[float], measures: list[str]) -> dict[str, list[float]]:
    """An axis that leaves room for the number below a step that goes down to about nothing."""
    levels, lows, at = [0.0], [math.inf], 0.0
    for amount, measure in zip(amounts, measures, strict=True):
        is_step = measure == "relative"
        at = at + float(amount) if is_step else float(amount)
        levels.append(at)
        lows += [at] if is_step and amount < 0 else []
    room = BELOW * max(levels)
    is_close = min(levels) >= 0 and min(lows) < room
    return {"range": [-room, max(levels) + room]} if is_close else {}


BELOW = 0.1  # of the height: as much as a line of text
COURSE = (
    ("Forecast", "cumulative_forecast", "c1"),
    ("Commit", "cumulative_commit", "c2"),
    ("Won", "cumulative_closed", "good"),
)


def course(weeks: pd.DataFrame) -> Figure:
    """How a quarter's forecast went, with its range, towards the target."""
    labels = weeks["week_number"].astype(str)
    span = bars(
        labels,
        weeks["forecast_high"] - weeks["forecast_low"],
        "80% range",
        "c1/20",
        base=[None if pd.isna(low) else low for low in weeks["forecast_low"]],
        width=0.9,
        hoverinfo="skip",
    )
    lines = [line(labels, weeks[name], label, nth) for nth, (label, name, _) in enumerate(COURSE)]
    for one, (_, _, paint) in zip(lines, COURSE, strict=True):
        one["meta"] = {"paint": paint}
    known = (("Target", "cumulative_target", "other"), ("Won last quarter", "last_closed", "muted"))
    for nth, (label, name, paint) in enumerate(known, len(lines)):
        if weeks[name].notna().any():
            way = line(labels, weeks[name], label, nth)
            way |= {"mode": "lines", "meta": {"paint": paint}}
            lines.append(way)
    for one in lines:
        one["hovertemplate"] = "%{y:,.0f}"
    has_range = bool(weeks["forecast_low"].notna().any())
    return figure(
        [*([span] if has_range else []), *lines],
        xaxis={"type": "category", "title": {"text": WEEK_OF_QUARTER}},
        yaxis={"tickformat": "~s", "rangemode": "tozero"},
        hovermode="x unified",
    )


SAID = (
    ("Reps commit", "reps_commit", "c1"),
    ("Managers commit", "managers_commit", "c2"),
    ("Forecast", "forecast", "c4"),
    ("Won", "won", "good"),
    ("Target", "target", "other"),
)
ERRORS = (("Calls", "error", "c1"), ("Forecast", "system_error", "c2"))


def calls_by_week(weeks: pd.DataFrame) -> Figure:
    """What people said of a quarter, beside what was expected and what is won."""
    return _by_week(weeks, SAID, "%{y:,.0f}", "~s")


def call_errors(weeks: pd.DataFrame) -> Figure:
    """How far off calls were, by the week of the quarter."""
    return _by_week(weeks, ERRORS, "%{y:.0%}", ".0%")


def _by_week(
    weeks: pd.DataFrame, shown: tuple[tuple[str, str, str], ...], hover: str, form: str
) -> Figure:
    labels, lines = weeks["week_number"].astype(str), []
    for nth, (label, name, paint) in enumerate(shown):
        if weeks[name].notna().any():
            way = line(labels, weeks[name], label, nth)
            way |= {"meta": {"paint": paint}, "hovertemplate": hover}
            if name == "target":
                way["mode"] = "lines"
            lines.append(way)
    return figure(
        lines,
        xaxis={"type": "category", "title": {"text": WEEK_OF_QUARTER}},
        yaxis={"tickformat": form, "rangemode": "tozero"},
        hovermode="x unified",
    )


def calibration(tenths: pd.DataFrame) -> Figure:
    """Chances that were said of deals, beside the share that was won."""
    happened = points(tenths["said"], tenths["happened"], "Won")
    happened["error_y"] = {
        "type": "data",
        "symmetric": False,
        "array": (tenths["high"] - tenths["happened"]).tolist(),
        "arrayminus": (tenths["happened"] - tenths["low"]).tolist(),
    }
    happened["customdata"] = tenths["n"].tolist()
    happened["hovertemplate"] = "said %{x:.0%}, won %{y:.0%} of %{customdata:,}<extra></extra>"
    ends = pd.Series([0.0, 1.0])
    honest = line(ends, ends, "As said", 2)
    honest |= {"mode": "lines", "meta": {"paint": "other"}, "hoverinfo": "skip"}
    axis = {"tickformat": ".0%", "range": [-0.02, 1.02]}
    return figure(
        [honest, happened],
        xaxis={**axis, "title": {"text": "Said"}},
        yaxis={**axis, "title": {"text": "Won"}},
        hovermode="closest",
    )


def _held_against(
    segments: pd.DataFrame, name: str, label: str, show: str, *, low_is_bad: bool
) -> Figure:
    keys, verdict, value, low, high = (
        segments[each].to_numpy()[::-1]
        for each in ("key", "verdict", name, "min_value", "max_value")
    )
    bad = verdict == ("below" if low_is_bad else "above")
    said = "Below the range" if low_is_bad else "Above the range"
    texts = [formats.show(one, show) for one in value.tolist()]
    marks = [
        points(np.where(bad, np.nan, value), keys, label, "c1"),
        points(np.where(bad, value, np.nan), keys, said, "bad", "diamond"),
    ]
    for mark in marks:
        mark |= {"mode": "markers+text", "text": texts, "textposition": "top center"}
        mark["cliponaxis"] = False
    band = ranges(keys, low, high, "Benchmark range")
    form = {"percent": ".0%"}.get(show, ",.0f")
    end = float(np.fmax.reduce([*value, *high])) * 1.1
    start = -end / 20  # so that a mark at 0 does not cover the labels
    within = {"range": [start, end]} if end > 0 else {}
    axis = {"tickformat": form, "rangemode": "tozero", **within}
    rows = {"dtick": 1, "range": [-0.6, len(keys) - 0.2]}  # room for the text of the topmost
    return figure([band, *marks], barmode="overlay", xaxis=axis, yaxis=rows, hovermode="closest")


def _deals(count: int) -> str:
    return f"{formats.show(count, 'integer')} {'deal' if count == 1 else 'deals'}"
