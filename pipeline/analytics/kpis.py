"""The measured numbers of a frame of sums, and their weekly course."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipeline import metrics as m
from revops_site.kernel.intervals import wilson
from revops_site.kernel.metrics import Measured, Metric, Operands, column, measure


def kpis(
    operands: Operands | pd.DataFrame, metrics: Sequence[Metric] = m.METRICS
) -> dict[str, Measured]:
    """The metrics of which all operands are known, by field name; a frame has one row."""
    names = set(operands)
    known = [metric for metric in metrics if names.issuperset(metric.operands)]
    return {metric.field: measure(metric, operands) for metric in known}


def win_rate_range(operands: Operands) -> tuple[float | None, float | None]:
    """The ends of the win rate's 95 % interval (P08); None where unknown."""
    won, lost = operands["won"], operands["lost"]
    return wilson(won, won + lost) or (None, None)


def sparklines(weeks: pd.DataFrame, metrics: Sequence[Metric]) -> dict[str, list[float | None]]:
    """Each metric's weekly values by field name, None where a week leaves it undefined."""
    return {
        metric.field: [None if pd.isna(v) else float(v) for v in column(metric, weeks)]
        for metric in metrics
    }
