"""How far forecasts were off, and whether their ranges held what they promised."""

from __future__ import annotations

import numpy as np

from revops_site.kernel.frames import Floats

STEP = 0.05


def wape(forecast: Floats, actual: Floats) -> float | None:
    """All misses together, of all that came; None where nothing came."""
    whole = actual.sum()
    return float(np.abs(forecast - actual).sum() / whole) if whole else None


def bias(forecast: Floats, actual: Floats) -> float | None:
    """What forecasts were above what came (below 0: under it), of all that came."""
    whole = actual.sum()
    return float((forecast - actual).sum() / whole) if whole else None


def coverage(
    forecast: Floats, low: Floats, high: Floats, actual: Floats, widened: float = 1.0
) -> float:
    """The share of actuals inside the range, widened about its forecast, its ends included."""
    least = forecast - widened * (forecast - low)
    most = forecast + widened * (high - forecast)
    slack = 1e-9 * np.maximum(1.0, np.abs(actual))
    return float(((actual >= least - slack) & (actual <= most + slack)).mean())


def widening(
    forecast: Floats, low: Floats, high: Floats, actual: Floats, aim: float, widest: float = 3.0
) -> float:
    """The smallest widening, in steps of 0.05 from 1 on, that covers ``aim`` of the actuals."""
    steps = np.arange(round((widest - 1) / STEP) + 1)
    for widened in (round(1 + step * STEP, 2) for step in steps):
        if coverage(forecast, low, high, actual, widened) >= aim - 1e-9:
            return float(widened)
    return widest
