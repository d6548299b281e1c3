"""Where a quarter will end: what is won, what the open deals promise, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from pipeline import metrics as m
from pipeline.analytics.distribution import Distribution, of_sum
from revops_site.kernel.metrics import measure
from revops_site.kernel.periods import Period, fiscal_quarter

COMMIT, BEST_CASE, PIPELINE, OMITTED = "Commit", "Best Case", "Pipeline", "Omitted"
KNOWN_AS: Mapping[str, str] = {
    "commit": COMMIT,
    "most likely": COMMIT,
    "best case": BEST_CASE,
    "pipeline": PIPELINE,
    "omitted": OMITTED,
}
LIKELY, POSSIBLE = 0.80, 0.50  # what a deal without a category is Commit, Best Case from
DEFAULT_INFLATION = 1.25
CLOSE_ENOUGH = 0.10
RISKS = ((0.10, "Medium"), (0.20, "High"))
LOW_QUANTILE, HIGH_QUANTILE = 0.10, 0.90


@dataclass(frozen=True)
class Parts:
    """What a forecast is the sum of, in the reporting currency."""

    closed_won_amount: float
    expected_open: float
    expected_pull_in: float = 0.0
    expected_new: float = 0.0

    @property
    def ai_forecast(self) -> float:
        """The expected value won at the quarter's end."""
        return (
            self.closed_won_amount + self.expected_open + self.expected_pull_in + self.expected_new
        )


def categories(deals: pd.DataFrame) -> pd.Series[str]:
    """Commit, Best Case, Pipeline or Omitted, of forecast_category, else of chance."""
    told = deals["forecast_category"].fillna("").astype(str).str.strip().str.lower().map(KNOWN_AS)
    chance = deals["chance"].astype("float64").round(9)
    likely = pd.Series(PIPELINE, index=deals.index, dtype="object")
    likely = likely.mask(chance >= POSSIBLE, BEST_CASE).mask(chance >= LIKELY, COMMIT)
    return told.where(told.notna(), likely)


def expected_in(deals: pd.DataFrame, quarter: Period) -> pd.DataFrame:
    """The deals whose close is expected in a quarter and that are not left out of forecasts.

    Of close_date (datetime64) and category.
    """
    inside = (deals["close_date"] >= pd.Timestamp(quarter.start)) & (
        deals["close_date"] < pd.Timestamp(quarter.end)
    )
    return deals[inside & (deals["category"] != OMITTED)]


def next_quarter(quarter: Period, first_month: int) -> Period:
    """The fiscal quarter that begins where this one ends."""
    return fiscal_quarter(quarter.end, first_month)


def pipeline_sums(deals: pd.DataFrame) -> dict[str, float]:
    """pipeline_commit, pipeline_best_case, pipeline_total; an unknown amount adds nothing."""
    sums = deals.groupby("category")["amount"].sum()
    by_name = {name: float(sums.get(name, 0.0)) for name in (COMMIT, BEST_CASE, PIPELINE)}
    return {
        "pipeline_commit": by_name[COMMIT],
        "pipeline_best_case": by_name[BEST_CASE],
        "pipeline_total": sum(by_name.values()),
    }


def gaps(
    target: float | None, closed_won: float, forecast: float, pipeline_total: float
) -> dict[str, Any]:
    """gap_to_target (below 0 is short), gap_pct (above 0 is short), coverage_ratio, risk_level."""
    known = target is not None and not math.isnan(target)
    quarter_target = float(target) if known and target is not None else math.nan
    left = quarter_target - closed_won
    operands = pd.DataFrame(
        {
            "ai_forecast": [forecast],
            "quarter_target": [quarter_target],
            "pipeline_total": [pipeline_total],
            "remaining_target": [left if quarter_target and left > 0 else math.nan],
        }
    )
    gap, gap_pct, coverage = (
        measure(metric, operands).value for metric in (m.GAP, m.GAP_PCT, m.COVERAGE)
    )
    risk = risk_level(left, gap_pct, coverage)
    return {
        "gap_to_target": gap,
        "gap_pct": gap_pct,
        "coverage_ratio": coverage,
        "risk_level": risk,
    }


def risk_level(left: float, gap_pct: float | None, coverage: float | None) -> str | None:
    """Low, Medium, High or Critical; None without a target. ``left`` is what is still to win."""
    if gap_pct is None:
        return None
    short = round(gap_pct, 9)
    if left <= 0 or short <= 0:
        return "Low"
    if coverage is None or round(coverage, 9) < 1:
        return "Critical"
    return next((name for most, name in RISKS if short <= most), "Critical")


def distribution(certain: float, deals: pd.DataFrame, seed: int, chance: str = "p") -> Distribution:
    """What the quarter may end at: ``certain`` plus the deals' amounts by their chances."""
    known = deals[deals["amount"].notna()]
    return of_sum(
        certain, known["amount"].to_numpy("float64"), known[chance].to_numpy("float64"), seed
    )


def interval(
    found: Distribution, closed_won: float, forecast: float, inflation: float
) -> tuple[float, float]:
    """The ends of the 80 % range, widened by what past ranges were too narrow.

    The forecast itself is always inside, and the low end never below what is won: where one deal
    decides, a quantile may lie on the forecast's other side.
    """
    low, high = found.quantile(LOW_QUANTILE), found.quantile(HIGH_QUANTILE)
    return (
        max(closed_won, min(forecast, forecast - inflation * (forecast - low))),
        max(forecast, forecast + inflation * (high - forecast)),
    )


def certainty(
    found: Distribution, forecast: float, commit: float, target: float | None
) -> dict[str, float | None]:
    """ai_forecast_confidence, commit_confidence, target_probability: chances from 0 to 1."""
    has_target = target is not None and not math.isnan(target) and target > 0
    return {
        "ai_forecast_confidence": found.within(forecast, CLOSE_ENOUGH),
        "commit_confidence": found.at_least(commit),
        "target_probability": found.at_least(target) if has_target and target else None,
    }


def required_coverage(quarters: pd.DataFrame, win_rate_amount: float | None) -> float | None:
    """How much pipeline a unit of target took: one over the share of its value that was won.

    ``quarters`` has amount and won_amount of the pipeline of the same week of past quarters;
    without any won, ``win_rate_amount`` serves.
    """
    whole, won = float(quarters["amount"].sum()), float(quarters["won_amount"].sum())
    if won > 0:
        return whole / won
    return 1 / win_rate_amount if win_rate_amount else None


def days_left(day: date, quarter: Period) -> int:
    """Days from a day to the quarter's last one."""
    return (quarter.last_day - day).days
