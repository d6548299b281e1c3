"""What the newest trial of past forecasts found."""

from __future__ import annotations

import pandas as pd

from pipeline.models import Backtest
from pipeline.models.backtests import BacktestScore
from pipeline.queries.forecast import newest_backtest
from revops_site.kernel.queries import Columns, shared, to_frame

SCORES: Columns = {
    **dict.fromkeys(("method", "weeks"), "str"),
    "n": "int64",
    **dict.fromkeys(("wape", "bias", "mape", "coverage_80", "skill_vs_baseline"), "float64"),
}
CALIBRATION: Columns = {
    **dict.fromkeys(("said", "happened", "low", "high"), "float64"),
    "n": "int64",
}
KEPT_AS = {"low": "happened_low", "high": "happened_high"}


def newest() -> Backtest | None:
    """The trial that decided the method in use; None where there was none yet."""
    return newest_backtest()


def method_in_use() -> str:
    """The method that forecasts are made by; "" where none was tried."""
    found = newest()
    return found.method if found else ""


@shared
def scores() -> pd.DataFrame:
    """Each method's scores over some weeks: ``SCORES``, shares as fractions, NaN where unknown."""
    found = newest()
    rows = BacktestScore.objects.filter(backtest=found).order_by("id") if found else ()
    return to_frame(rows.values_list(*SCORES) if found else (), SCORES)  # type: ignore[union-attr]


@shared
def calibration() -> pd.DataFrame:
    """Chances said of deals beside the share that was won, with its range: ``CALIBRATION``."""
    found = newest()
    told = found.calibration.get(found.method, []) if found else []
    rows = [[row[KEPT_AS.get(name, name)] for name in CALIBRATION] for row in told]
    return to_frame(rows, CALIBRATION)
