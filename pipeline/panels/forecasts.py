"""The forecast of the running quarter: its figures, its weeks, and what they rest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
from django.db.models import QuerySet

from pipeline import metrics
from pipeline.analytics import backtest, history, reckoned
from pipeline.analytics.distribution import on_grid
from pipeline.analytics.forecast import DEFAULT_INFLATION, interval
from pipeline.analytics.reckoned import RISK_STEPS, Reckoned, Taught
from pipeline.analytics.scorecard import Rules
from pipeline.panels.known import left_out_of_open
from pipeline.panels.shown import OPEN_COLUMNS
from pipeline.queries import deals, forecast, records, risks, snapshots, standing
from revops_site.kernel import formats
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Shown
from revops_site.kernel.periods import quarter_label, week_of_quarter
from revops_site.kernel.queries import shared

DATASETS = ("pipeline_deals", "quotas")
OPERANDS = (
    *("quarter_target", "closed_won_amount", "expected_open", "expected_pull_in", "expected_new"),
    *("ai_forecast", "forecast_low", "forecast_high", "commit_amount", "pipeline_commit"),
    *("pipeline_best_case", "pipeline_total", "open_deals"),
)
MUCH = 0.10  # a bias from which on it is told
CHANCES = {
    "within_10_percent": "ai_forecast_confidence",
    "reaches_commit": "commit_confidence",
    "reaches_target": "target_probability",
}

CHANCE = (
    Shown("p", "Won this quarter", "percent", help="How likely, as the forecast reckons it."),
    Shown("expected", "Of the forecast", "money2"),
)


@shared
def reckon(slice_: Slice) -> Reckoned:
    """The forecast of the slice's quarter."""
    taught = Taught(**forecast.taught(slice_))
    found = forecast.quarter_deals(slice_, taught.method)
    return reckon_of(slice_, scored(slice_, found, taught), taught)


def scored(slice_: Slice, deals: pd.DataFrame, taught: Taught) -> pd.DataFrame:
    """Open deals with their chances as of the slice's day."""
    return reckoned.scored(
        *(deals, slice_.as_of, slice_.first_month, taught, slice_.quarter),
        is_over=is_over(slice_),
        rules=Rules.of(risks.scorecard()),
    )


def is_over(slice_: Slice) -> bool:
    """Whether the slice stands at the end of its quarter, and the data tell of days after it."""
    return slice_.as_of >= slice_.quarter.last_day and not standing.is_now(slice_.as_of)


def reckon_of(slice_: Slice, deals: pd.DataFrame, taught: Taught) -> Reckoned:
    """The same forecast of deals that are ``scored`` already."""
    return reckoned.reckon(
        deals,
        day=slice_.as_of,
        first_month=slice_.first_month,
        closed=forecast.closed_won(slice_),
        target=forecast.target(slice_),
        new=forecast.new_by_quarter(slice_) if taught.method == reckoned.LEARNED else (),
        team=snapshots.team_of(slice_) or slice_.cache_key,
        taught=taught,
        quarter=slice_.quarter,
    )


def dashboard_kpis(slice_: Slice) -> dict[str, Any]:
    """The row of the tiles, by the names and types of its contract."""
    label, before = forecast.team_label(slice_), snapshots.week_ago(slice_)
    return reckoned.dashboard_kpis(reckon(slice_), label, before, forecast.stamps())


def forecast_history(slice_: Slice) -> list[dict[str, Any]]:
    """A row for each week of the quarter that was kept, by the names and types of its contract.

    Each with forecast_low and forecast_high besides: as they were kept of a team and the company,
    else of the deals that were; None where these are too many for a page.
    """
    days = tuple(snapshots.weeks_of(slice_))
    sums = snapshots.of_quarter(slice_, days).set_index("snapshot_date").to_dict("index")
    learned, target = snapshots.learned_on(days), forecast.target(slice_)
    rows = []
    for day in days:
        at = pd.Timestamp(day)
        new = forecast.new_by_quarter(replace(slice_, as_of=day)) if day in learned else ()
        expected = reckoned.expected_new(new)
        row = history.kept_row(
            day, sums.get(at, history.NOTHING), expected, target, slice_.first_month
        )
        rows.append({**row, **forecast.stamps()})
    return _with_ranges(slice_, rows)


def _with_ranges(slice_: Slice, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    days = [row["snapshot_date"] for row in rows]
    if snapshots.team_of(slice_) is not None:
        kept = snapshots.forecasts(slice_).set_index("snapshot_date").to_dict("index")
        ends: dict[date, Any] = {day: kept.get(pd.Timestamp(day), {}) for day in days}
    else:
        ends = dict(_of_deals(slice_, rows))
    names = ("forecast_low", "forecast_high")
    return [{**row, **{n: ends[row["snapshot_date"]].get(n) for n in names}} for row in rows]


def _of_deals(slice_: Slice, rows: list[dict[str, Any]]) -> dict[date, dict[str, float]]:
    """The range of each row's day, of the deals as they were kept."""
    days = [row["snapshot_date"] for row in rows]
    found = snapshots.promised(slice_, days) if days else None
    if found is None:
        return {day: {} for day in days}
    widened, ends = snapshots.widenings(days), {}
    for row in rows:
        day, said, closed = (
            row[name] for name in ("snapshot_date", "cumulative_forecast", "cumulative_closed")
        )
        mine = found[found["snapshot_date"] == pd.Timestamp(day)]
        expected = float((mine["value"] * mine["p"]).sum())
        spread = on_grid(said - expected, mine["value"].to_numpy(), mine["p"].to_numpy())
        low, high = interval(spread, closed, said, widened.get(day, DEFAULT_INFLATION))
        ends[day] = {"forecast_low": low, "forecast_high": high}
    return ends


@shared
def totals(slice_: Slice) -> pd.DataFrame:
    """The operands of every figure of the forecast, in one row; NaN where one is not known."""
    return operands(slice_, reckon(slice_))


def operands(slice_: Slice, found: Reckoned) -> pd.DataFrame:
    """The same of a forecast that is reckoned already."""
    figures, before = found.figures(), snapshots.week_ago(slice_) or {}
    past = forecast.coverage_operands(slice_)
    target = found.target or 0.0
    left = target - found.parts.closed_won_amount
    known = {
        **{name: figures[name] for name in OPERANDS},
        **{name: figures[field] for name, field in CHANCES.items()},
        "remaining_target": left if target and left > 0 else None,
        "past_pipeline": past[0],
        "past_won": past[1],
        "risk_step": RISK_STEPS.get(figures["risk_level"]),
        "forecast_week_ago": before.get("ai_forecast"),
        "commit_week_ago": before.get("commit_amount"),
    }
    return pd.DataFrame(
        {name: [math.nan if value is None else float(value)] for name, value in known.items()}
    )


def open_of_quarter(slice_: Slice) -> QuerySet[Any]:
    """The open deals that are expected in the quarter, each with its chance and its part of it."""
    found = reckon(slice_).deals
    chances = {str(deal): float(p) for deal, p in zip(found["deal_id"], found["p"], strict=True)}
    return forecast.with_chances(deals.named(forecast.quarter_pipeline(slice_)), chances)


def notes(slice_: Slice) -> Sequence[str]:
    """How chances are reckoned, and what no quota is known of."""
    found = forecast.taught(slice_)
    learned = found.get("method") == reckoned.LEARNED
    how = "as past quarters taught" if learned else "by the stage and the deal's health"
    without = forecast.target(slice_) is None
    return [
        *_other_quarter(slice_, learned=learned),
        f"Chances are reckoned {how}.",
        *_leaning(slice_),
        *(
            ["No quota is known of these deals: nothing can be said of a target."]
            if without
            else []
        ),
        *left_out_of_open(slice_),
    ]


def _other_quarter(slice_: Slice, *, learned: bool) -> Sequence[str]:
    """Says so where the quarter is over, or has not begun."""
    label = quarter_label(slice_.quarter.start, slice_.first_month)
    if slice_.as_of < slice_.quarter.start:
        chances = " Its deals have the chances of a quarter’s first weeks." if learned else ""
        return (f"{label} has not begun: what will slip into it is not counted.{chances}",)
    if is_over(slice_):
        return (f"{label} is over: what was still open then has slipped, and counts for nothing.",)
    return ()


def _leaning(slice_: Slice) -> Sequence[str]:
    """Says so where past forecasts of these weeks leaned to one side by much."""
    found = records.newest()
    if found is None or found.as_of > slice_.as_of or is_over(slice_):
        return ()
    week = week_of_quarter(max(slice_.as_of, slice_.quarter.start), slice_.first_month)
    weeks = next(
        name
        for name, (first, last) in backtest.BUCKETS.items()
        if name != "all" and first <= week <= last
    )
    scores = records.scores()
    mine = scores[(scores["method"] == found.method) & (scores["weeks"] == weeks)]
    bias = float(mine["bias"].iloc[0]) if len(mine) else 0.0
    if not abs(bias) >= MUCH:
        return ()
    off = f"{formats.show(abs(bias), 'percent')} too {'high' if bias > 0 else 'low'}"
    return (
        f"In weeks {weeks.replace('-', '–')} of closed quarters such forecasts of the whole "
        f"company were {off}. The range is widened for past errors; the forecast and its chances "
        "are not.",
    )


LEDGER = Ledger(
    slug="forecast",
    title="Open deals of the quarter",
    metrics=metrics.FORECAST_METRICS,
    totals=totals,
    sql=forecast.quarter_pipeline_sql,
    rows=open_of_quarter,
    columns=(*OPEN_COLUMNS, *CHANCE),
    order=("close_date", "deal_id"),
    datasets=DATASETS,
    dimensions=deals.OPEN,
    note=notes,
    operands=(
        Shown("expected_open", "Of the open deals, by their chance", "money2"),
        Shown("expected_pull_in", "Of the next quarter's deals, closing early", "money2"),
        Shown("expected_new", "Of deals not created yet", "money2"),
        Shown("ai_forecast", metrics.FORECAST.label, "money2"),
        Shown("commit_amount", metrics.COMMIT.label, "money2"),
        Shown("remaining_target", "Still to be won", "money2"),
        Shown("past_pipeline", "Pipeline of past quarters in the same week", "money2"),
        Shown("past_won", "Won of it", "money2"),
        Shown("forecast_week_ago", "Forecast a week before", "money2"),
        Shown("commit_week_ago", "Commit a week before", "money2"),
        Shown("within_10_percent", "Chance to end within 10 % of the forecast", "percent2"),
        Shown("reaches_commit", "Chance to reach the commit", "percent2"),
        Shown("reaches_target", "Chance to reach the target", "percent2"),
        Shown("risk_step", "Risk, from 1 to 4", "integer"),
    ),
    dated=False,
    counts="open_deals",
)
