"""A day's forecast of a quarter, put together: deals in, every figure of it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any

import pandas as pd

from pipeline.analytics import chances, forecast, health, history
from pipeline.analytics.distribution import seed_of
from pipeline.analytics.forecast import DEFAULT_INFLATION, Parts
from pipeline.analytics.scorecard import PUBLISHED, Rules
from revops_site.kernel.periods import Period, fiscal_quarter, quarter_label, week_of_quarter

BY_STAGE, LEARNED = "L0", "L1"
FEWEST_QUARTERS = 4  # so many have to tell what new deals bring
RISK_STEPS = {"Low": 1, "Medium": 2, "High": 3, "Critical": 4}


@dataclass(frozen=True)
class Taught:
    """What past quarters teach: the method, how far ranges are widened, and counts of deals."""

    method: str = BY_STAGE
    interval_inflation: float = DEFAULT_INFLATION
    cells: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=chances.CELLS))
    early: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=chances.CELLS))


@dataclass(frozen=True)
class Reckoned:
    """The forecast of ``quarter`` as of ``day``; money in the reporting currency."""

    day: date
    quarter: Period
    first_month: int
    deals: pd.DataFrame
    parts: Parts
    target: float | None
    low: float
    high: float
    certainty: dict[str, float | None]
    sums: dict[str, float]
    taught: Taught

    @property
    def commit_amount(self) -> float:
        """What is won and what is in Commit."""
        return self.parts.closed_won_amount + self.sums["pipeline_commit"]

    @property
    def week_number(self) -> int:
        """1 to 13; 0 where the quarter has not begun."""
        begun = self.day >= self.quarter.start
        return week_of_quarter(self.day, self.first_month) if begun else 0

    def figures(self) -> dict[str, Any]:
        """Every figure by the name of its field, the changes of a week apart."""
        said = self.parts.ai_forecast
        return {
            "quarter": quarter_label(self.quarter.start, self.first_month),
            "week_number": self.week_number,
            "quarter_target": self.target,
            "ai_forecast": said,
            "forecast_low": self.low,
            "forecast_high": self.high,
            **self.certainty,
            "commit_amount": self.commit_amount,
            "closed_won_amount": self.parts.closed_won_amount,
            "expected_open": self.parts.expected_open,
            "expected_pull_in": self.parts.expected_pull_in,
            "expected_new": self.parts.expected_new,
            **forecast.gaps(
                self.target, self.parts.closed_won_amount, said, self.sums["pipeline_total"]
            ),
            **self.sums,
            "avg_pipeline_health": history.average_health(self.deals),
            "open_deals": len(self.deals),
            "method": self.taught.method,
            "interval_inflation": self.taught.interval_inflation,
        }


def scored(
    deals: pd.DataFrame,
    day: date,
    first_month: int,
    taught: Taught,
    quarter: Period | None = None,
    *,
    is_over: bool = False,
    rules: Rules = PUBLISHED,
) -> pd.DataFrame:
    """The open deals with health, category, amount (reporting currency) and ``p``.

    ``p`` is how likely a deal is won by the end of the ``quarter``, else the day's: 0 for the
    omitted and for what is expected outside of it, unless past quarters teach that such deals close
    early. It is 0 for all where the quarter ``is_over``: what was open then can win it no more.
    Health is judged by ``rules``.
    """
    quarter = quarter or fiscal_quarter(day, first_month)
    judged = health.with_health(deals.assign(amount=deals["own_amount"]), day, rules)
    judged = judged.assign(
        amount=judged["value"],
        category=forecast.categories(judged),
        days_left=forecast.days_left(day, quarter),
    )
    p = pd.Series(0.0, index=judged.index)
    mine = forecast.expected_in(judged, quarter)
    after = forecast.expected_in(judged, forecast.next_quarter(quarter, first_month))
    if is_over:
        pass
    elif taught.method == LEARNED:
        p.loc[mine.index] = chances.learned(mine, taught.cells)["p"]
        p.loc[after.index] = chances.early(after, taught.early)
    else:
        p.loc[mine.index] = chances.by_stage(mine)
    return judged.assign(p=p, is_mine=judged.index.isin(mine.index))


def reckon(
    deals: pd.DataFrame,
    *,
    day: date,
    first_month: int,
    closed: float,
    target: float | None,
    new: Sequence[float],
    team: str,
    taught: Taught,
    quarter: Period | None = None,
) -> Reckoned:
    """The forecast of deals as ``scored`` gives them.

    ``closed`` is what is won in the quarter up to the day, ``new`` what past quarters won of deals
    that were created after the same day of theirs, ``team`` whose deals these are, ``quarter``
    what it is the forecast of, else the day's.
    """
    quarter = quarter or fiscal_quarter(day, first_month)
    mine, others = deals[deals["is_mine"]], deals[~deals["is_mine"]]
    parts = Parts(
        closed,
        history.expected(mine),
        history.expected(others),
        expected_new(new) if taught.method == LEARNED else 0.0,
    )
    said, sums = parts.ai_forecast, forecast.pipeline_sums(mine)
    seed = seed_of(day, quarter_label(quarter.start, first_month), team)
    spread = forecast.distribution(closed + parts.expected_new, deals, seed)
    low, high = forecast.interval(spread, closed, said, taught.interval_inflation)
    certainty = forecast.certainty(spread, said, closed + sums["pipeline_commit"], target)
    return Reckoned(
        day, quarter, first_month, mine, parts, target, low, high, certainty, sums, taught
    )


def expected_new(quarters: Sequence[float]) -> float:
    """The median of what past quarters won of deals created later than their same day."""
    return median(quarters) if len(quarters) >= FEWEST_QUARTERS else 0.0


def dashboard_kpis(
    found: Reckoned, team: str, before: dict[str, float] | None, stamps: dict[str, Any]
) -> dict[str, Any]:
    """The contract's row of tiles; ``before`` is what was kept a week ago, if anything was.

    ``stamps`` are created_at, updated_at and data_freshness.
    """
    figures = found.figures()
    names = ("quarter_target", "ai_forecast", "ai_forecast_confidence", "commit_amount")
    more = ("commit_confidence", "closed_won_amount", "gap_to_target", "gap_pct")
    return {
        "snapshot_date": found.day,
        "quarter": figures["quarter"],
        "team_filter": team,
        **{name: figures[name] for name in (*names, *more, "coverage_ratio", "risk_level")},
        **changes(found, before),
        **stamps,
    }


def changes(found: Reckoned, before: dict[str, float] | None) -> dict[str, float | None]:
    """forecast_change_1w and commit_change_1w; None where nothing was kept a week ago."""
    if before is None:
        return {"forecast_change_1w": None, "commit_change_1w": None}
    return {
        "forecast_change_1w": found.parts.ai_forecast - before["ai_forecast"],
        "commit_change_1w": found.commit_amount - before["commit_amount"],
    }
