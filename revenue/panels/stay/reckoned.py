"""The forecast of a slice by the method that past months spoke for, and what it is the sum of."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
import pandas as pd

from revenue.analytics import outlook
from revenue.analytics.outlook import PARTS, Past, Path
from revenue.analytics.trials import UNTRIED
from revenue.queries import forecast, records
from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import shared

OPERANDS = ("mrr", "new", "reactivation", "expansion", "contraction", "churn", "other", "forecast")


@dataclass(frozen=True)
class Outlook:
    """The forecast of a slice by the method in use, with its ranges as they are shown."""

    past: Past
    method: str
    path: Path
    widened: tuple[float, float]

    def ends(self) -> dict[str, np.ndarray]:
        """The ends of both ranges."""
        low80, high80 = self.path.widened(0.80, self.widened[0])
        low95, high95 = self.path.widened(0.95, max(self.widened))
        low95, high95 = np.minimum(low95, low80), np.maximum(high95, high80)
        return {"low_80": low80, "high_80": high80, "low_95": low95, "high_95": high95}


@shared
def reckon(slice_: Slice) -> Outlook | None:
    """The forecast of the slice; None where too few months are known, or nobody pays."""
    months = forecast.past(slice_)
    if months is None or months.empty:
        return None
    return forecast_of(outlook.past(months, "segment"))


def forecast_of(past: Past) -> Outlook | None:
    """The forecast of what is given, by the method in use; None where it cannot be told."""
    trial = records.trial()
    method = trial.method if trial else PARTS
    path = outlook.forecast(method, past, seed=len(past.months))
    if path is None and method != PARTS:
        method, path = PARTS, outlook.forecast(PARTS, past, seed=len(past.months))
    if path is None or not past.total[-1]:
        return None
    widened = (trial.widened_80, trial.widened_95) if trial else (UNTRIED, UNTRIED)
    return Outlook(past, method, path, widened)


@shared
def totals(slice_: Slice) -> pd.DataFrame:
    """``OPERANDS`` in one row: what MRR is, what will move it in a year; NaN where unknown."""
    found = reckon(slice_)
    if found is None:
        return pd.DataFrame([dict.fromkeys(OPERANDS, nan)])
    steps = outlook.parts(found.past)
    moved = {kind: float(steps[kind].sum()) for kind in outlook.MOVES}
    mrr, ends = float(found.past.total[-1]), float(found.path.mean[-1])
    gained = sum(moved[kind] for kind in outlook.MOVES[:3])
    other = ends - (mrr + gained - moved["contraction"] - moved["churn"])
    known = {"mrr": mrr, **moved, "other": 0.0 if abs(other) < 1e-6 else other, "forecast": ends}
    return pd.DataFrame([{name: known[name] for name in OPERANDS}])
