"""How a quarter's forecast went week by week: one row per snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.analytics.forecast import expected_in, pipeline_sums
from revops_site.kernel.periods import (
    WEEKS_OF_QUARTER,
    fiscal_quarter,
    quarter_label,
    week_of_quarter,
)


def history_row(
    day: date,
    deals: pd.DataFrame,
    closed_won: float,
    forecast: float,
    target: float | None,
    first_month: int,
) -> dict[str, Any]:
    """The row of a day, of the open deals: amount, category, close_date and health_score of then.

    The target is walked towards in a straight line; None where there is none.
    """
    week = week_of_quarter(day, first_month)
    mine = expected_in(deals, fiscal_quarter(day, first_month))
    sums = pipeline_sums(mine)
    return {
        "snapshot_date": day,
        "week_number": week,
        "quarter": quarter_label(day, first_month),
        "cumulative_target": None if target is None else target * week / WEEKS_OF_QUARTER,
        "cumulative_closed": closed_won,
        "cumulative_commit": closed_won + sums["pipeline_commit"],
        "cumulative_forecast": forecast,
        **sums,
        "avg_pipeline_health": average_health(mine),
    }


def average_health(deals: pd.DataFrame) -> float | None:
    """The health score weighed by amount; the plain mean where there is no amount."""
    scores = deals["health_score"].astype("float64")
    if scores.empty:
        return None
    amounts = deals["amount"].astype("float64").fillna(0.0)
    whole = float(amounts.sum())
    return float((scores * amounts).sum() / whole) if whole else float(scores.mean())


def expected(deals: pd.DataFrame, chance: str = "p") -> float:
    """The amounts by their chances; an unknown amount adds nothing."""
    return float((deals["amount"].astype("float64") * deals[chance]).sum())


NOTHING = dict.fromkeys(
    (
        *("cumulative_closed", "expected", "pipeline_commit", "pipeline_best_case"),
        *("pipeline_total", "healthy_amount", "known_amount"),
    ),
    0.0,
)


def kept_row(
    day: date,
    kept: Mapping[Any, float],
    new: float,
    target: float | None,
    first_month: int,
) -> dict[str, Any]:
    """The row of a day, of the sums that were kept of it; ``new`` is expected of deals to come."""
    week, closed = week_of_quarter(day, first_month), float(kept["cumulative_closed"])
    known = float(kept["known_amount"])
    return {
        "snapshot_date": day,
        "week_number": week,
        "quarter": quarter_label(day, first_month),
        "cumulative_target": None if target is None else target * week / WEEKS_OF_QUARTER,
        "cumulative_closed": closed,
        "cumulative_commit": closed + float(kept["pipeline_commit"]),
        "cumulative_forecast": closed + float(kept["expected"]) + new,
        "pipeline_commit": float(kept["pipeline_commit"]),
        "pipeline_best_case": float(kept["pipeline_best_case"]),
        "pipeline_total": float(kept["pipeline_total"]),
        "avg_pipeline_health": float(kept["healthy_amount"]) / known if known else None,
    }
