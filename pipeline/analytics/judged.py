"""What a trial of past forecasts says: scores, the method to use, what was said of deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.analytics import backtest
from pipeline.analytics.trial import Trial


@dataclass(frozen=True)
class Judged:
    """The method to use and why, its ranges' widening, and every method's scores."""

    method: str
    reason: str
    interval_inflation: float
    shown_coverage: float | None
    quarters: int
    scores: list[dict[str, Any]]
    calibration: dict[str, list[dict[str, float]]]


def judged(found: Trial) -> Judged:
    """The scores by method and weeks, and what they decide; see ``backtest.verdict``."""
    rows = found.frame()
    known = rows[rows["forecast"].notna()]
    quarters = int(known.loc[known["method"] == backtest.BY_STAGE, "quarter"].nunique())
    middle = known[known["week_number"].between(*backtest.BUCKETS[backtest.JUDGED])]
    shown = backtest.shown_coverage(known[known["method"] == backtest.LEARNED])
    if quarters < backtest.ENOUGH_QUARTERS:
        of = f"{quarters} of {backtest.ENOUGH_QUARTERS}"
        method, reason = backtest.BY_STAGE, f"Not enough data: {of} closed quarters."
    else:
        method, reason = backtest.verdict(backtest.side_by_side(middle, backtest.LEARNED), shown)
    of_method = known[known["method"] == method]
    return Judged(
        method=method,
        reason=reason,
        interval_inflation=backtest.shipped_inflation(of_method),
        shown_coverage=backtest.shown_coverage(of_method),
        quarters=quarters,
        scores=_scores(known, backtest.best_baseline(middle)),
        calibration=_calibration(found.said),
    )


def _scores(rows: pd.DataFrame, baseline: str | None) -> list[dict[str, Any]]:
    told = rows[rows["method"] == baseline].set_index("snapshot_date")["forecast"]
    found = []
    for method, mine in rows.groupby("method"):
        for name, (first, last) in backtest.BUCKETS.items():
            here = mine[mine["week_number"].between(first, last)]
            both = here.assign(baseline=here["snapshot_date"].map(told))
            both = both[both["baseline"].notna()]
            skill = backtest.scores(both).get("skill_vs_baseline") if len(both) else None
            scores = {**backtest.scores(here), "skill_vs_baseline": skill}
            found.append({"method": str(method), "weeks": name, **scores})
    return found


def _calibration(said: list[pd.DataFrame]) -> dict[str, list[dict[str, float]]]:
    """By method, each deal once a stretch of days, as it was first seen in it."""
    if not said:
        return {}
    whole = pd.concat(said, ignore_index=True)
    once = whole.drop_duplicates(["quarter", "method", "deal_id", "bucket"])
    return {
        str(method): [
            {str(name): float(value) for name, value in row.items()}
            for row in backtest.calibration(deals).to_dict("records")
        ]
        for method, deals in once.groupby("method")
    }
