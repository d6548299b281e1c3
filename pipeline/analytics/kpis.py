"""The measured numbers of a frame of sums, and their weekly course."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import metrics as m
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import Measured, Metric, column, measure


def kpis(operands: pd.DataFrame, metrics: Sequence[Metric] = m.METRICS) -> dict[str, Measured]:
    """The metrics whose operands are columns of a frame of one row, by field name."""
    known = [metric for metric in metrics if set(metric.operands) <= set(operands.columns)]
    return {metric.field: measure(metric, operands) for metric in known}


def win_rate_range(operands: pd.DataFrame) -> tuple[float | None, float | None]:
    """The ends of the win rate's 95 % interval (P08), of a frame of one row; None where unknown."""
    won, lost = float(operands["won"].iloc[0]), float(operands["lost"].iloc[0])
    return wilson(won, won + lost) or (None, None)


def sparklines(weeks: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's weekly values by field name, None where a week leaves it undefined."""
    return {
        metric.field: [None if pd.isna(v) else float(v) for v in column(metric, weeks)]
        for metric in metrics
    }
