"""Forecasts closed quarters again, week by week, with nothing that was not known on the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pipeline.analytics import backtest, chances, forecast, health, history, seasons
from pipeline.analytics.distribution import seed_of
from pipeline.analytics.reckoned import FEWEST_QUARTERS, expected_new
from revops_site.kernel.periods import Period, plus, week_of_quarter

LOOK_BACK = 8
ROWS = ["quarter", "week_number", "snapshot_date", "method", "forecast", "q10", "q90", "actual"]
SAID = ["method", "p", "won"]


@dataclass(frozen=True)
class ClosedQuarter:
    """A quarter that is over, as it was kept week by week, and what became of it.

    ``deals`` are the open deals of each ``snapshot_date``: deal_id, stage_name, stage_probability,
    chance, category, amount, close_date, health_score. ``closed`` is what was won by each of these
    days, ``won`` the deals won in the end: deal_id, amount, created_at, closed_at; ``decided``
    counts the won and the lost ones.
    """

    label: str
    period: Period
    deals: pd.DataFrame
    closed: Mapping[date, float]
    won: pd.DataFrame
    decided: int

    @property
    def actual(self) -> float:
        """What the quarter won."""
        return float(self.won["amount"].sum())

    def won_by(self, passed: int) -> float:
        """What it had won once so many days had passed."""
        day = pd.Timestamp(plus(self.period.start, passed))
        return float(self.won.loc[self.won["closed_at"] <= day, "amount"].sum())

    def new_after(self, passed: int) -> float:
        """What it won of deals created once so many days had passed."""
        day = pd.Timestamp(plus(self.period.start, passed))
        return float(self.won.loc[self.won["created_at"] > day, "amount"].sum())


@dataclass
class Trial:
    """What came of it: a row per method and week, what may be learned, what was said of deals."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    cells: list[pd.DataFrame] = field(default_factory=list)
    early: list[pd.DataFrame] = field(default_factory=list)
    said: list[pd.DataFrame] = field(default_factory=list)

    def frame(self) -> pd.DataFrame:
        """The rows: ``ROWS``."""
        return pd.DataFrame(self.rows, columns=ROWS)


def trial(
    quarters: Sequence[ClosedQuarter], first_month: int, earlier: Sequence[float] = ()
) -> Trial:
    """All methods on these quarters, the oldest first; each learns from the earlier ones alone.

    ``earlier`` is what the quarters before the first of them won, the oldest first.
    """
    found = Trial()
    for nth, quarter in enumerate(quarters):
        past = quarters[max(0, nth - LOOK_BACK) : nth]
        told = seasons.next_quarter([*earlier, *(one.actual for one in quarters[:nth])])
        cells = _joined(found.cells[-LOOK_BACK:])
        early = _joined(found.early[-LOOK_BACK:])
        for day in sorted(quarter.closed):
            deals = quarter.deals[quarter.deals["snapshot_date"] == pd.Timestamp(day)]
            rows = _Week(quarter, day, first_month, past, told, deals, cells, early)
            found.rows += rows.forecasts()
            found.said += rows.said()
        found.cells.append(_counted(quarter, quarter.period, first_month))
        after = forecast.next_quarter(quarter.period, first_month)
        found.early.append(_counted(quarter, after, first_month))
    return found


@dataclass
class _Week:
    """A day of a closed quarter, with what was known on it."""

    quarter: ClosedQuarter
    day: date
    first_month: int
    past: Sequence[ClosedQuarter]
    by_season: float | None
    deals: pd.DataFrame
    cells: pd.DataFrame
    early: pd.DataFrame

    def __post_init__(self) -> None:
        period = self.quarter.period
        deals = self.deals.assign(days_left=forecast.days_left(self.day, period))
        deals = deals.assign(
            health_category=health.categories(np.asarray(deals["health_score"], dtype="int64"))
        )
        mine = forecast.expected_in(deals, period)
        after = forecast.expected_in(deals, forecast.next_quarter(period, self.first_month))
        self.by_stage = mine.assign(p=chances.by_stage(mine))
        self.closed = self.quarter.closed[self.day]
        self.passed = (self.day - period.start).days
        self.learned: pd.DataFrame | None = None
        if self._may_learn():
            told = chances.learned(mine, self.cells)
            both = [told, after.assign(p=chances.early(after, self.early))]
            self.learned = pd.concat(both, ignore_index=True)

    def forecasts(self) -> Iterator[dict[str, Any]]:
        weighted = self.closed + history.expected(self.by_stage.fillna({"chance": 0.0}), "chance")
        then = pd.Series([one.won_by(self.passed) for one in self.past], dtype="float64")
        ended = pd.Series([one.actual for one in self.past], dtype="float64")
        yield self._ranged(backtest.BY_STAGE, self.closed, self.by_stage)
        if self.learned is not None:
            new = expected_new([one.new_after(self.passed) for one in self.past])
            yield self._ranged(backtest.LEARNED, self.closed + new, self.learned)
        yield self._row("weighted", weighted)
        yield self._row("pace", backtest.pace(self.closed, then, ended))
        yield self._row("last_quarter", self.past[-1].actual if self.past else None)
        yield self._row("holt_winters", self.by_season)

    def said(self) -> Iterator[pd.DataFrame]:
        """What was said of each deal, and whether it was won: ``SAID`` and deal_id, bucket."""
        won = set(self.quarter.won["deal_id"])
        by_method = {backtest.BY_STAGE: self.by_stage, backtest.LEARNED: self.learned}
        for method, deals in by_method.items():
            if deals is None:
                continue
            mine = forecast.expected_in(deals, self.quarter.period)
            yield pd.DataFrame(
                {
                    "quarter": self.quarter.label,
                    "method": method,
                    "deal_id": mine["deal_id"],
                    "bucket": chances.bucket(mine["days_left"]),
                    "p": mine["p"].astype("float64"),
                    "won": mine["deal_id"].isin(won).astype("int64"),
                }
            )

    def _may_learn(self) -> bool:
        decided = sum(one.decided for one in self.past)
        won = sum(len(one.won) for one in self.past)
        enough = decided >= chances.MIN_DECIDED and won >= chances.MIN_WON
        return enough and len(self.past) >= FEWEST_QUARTERS

    def _ranged(self, method: str, certain: float, deals: pd.DataFrame) -> dict[str, Any]:
        seed = seed_of(self.day, self.quarter.label, method)
        spread = forecast.distribution(certain, deals, seed)
        row = self._row(method, certain + history.expected(deals))
        return row | {"q10": spread.quantile(0.1), "q90": spread.quantile(0.9)}

    def _row(self, method: str, said: float | None) -> dict[str, Any]:
        return {
            "quarter": self.quarter.label,
            "week_number": week_of_quarter(self.day, self.first_month),
            "snapshot_date": self.day,
            "method": method,
            "forecast": said,
            "q10": None,
            "q90": None,
            "actual": self.quarter.actual,
        }


def mondays(quarter: Period, first_month: int) -> list[date]:
    """The last Monday of each week of a quarter."""
    first = plus(quarter.start, -quarter.start.weekday() % 7)
    days = [first + timedelta(weeks=nth) for nth in range(15)]
    by_week = {week_of_quarter(day, first_month): day for day in days if day in quarter}
    return list(by_week.values())


def _counted(quarter: ClosedQuarter, expected: Period, first_month: int) -> pd.DataFrame:
    """Of the deals expected in a period: how many were seen in each cell, and won by the end.

    A deal counts once a stretch of days, as it was first seen in it.
    """
    seen = forecast.expected_in(quarter.deals, expected)
    days = seen["snapshot_date"].dt.date
    left = pd.Series(
        [forecast.days_left(day, quarter.period) for day in days], seen.index, dtype="int64"
    )
    placed = seen.assign(
        bucket=chances.bucket(left), health=chances.health_of(seen["health_score"])
    ).sort_values(["snapshot_date", "deal_id"])
    once = placed.drop_duplicates(["deal_id", "bucket"])
    once = once.assign(n=1, won=once["deal_id"].isin(set(quarter.won["deal_id"])).astype("int64"))
    keys = ["stage_name", "bucket", "health"]
    sums = once.groupby(keys, as_index=False)[["won", "n"]].sum()
    return sums.assign(ended=quarter.period.end.isoformat())


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=chances.CELLS)
    return pd.concat(parts, ignore_index=True)
