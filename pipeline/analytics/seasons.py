"""What a quarter wins, by the results before it alone: level, trend and season (Holt-Winters)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

SEASONS = 4
FEWEST = 12  # quarters; of fewer a season is what one year happened to be
MOST = 20  # what lies longer ago was another company
COARSE, FINE = 0.1, 0.02
Numbers = npt.NDArray[np.float64]


def next_quarter(quarters: Sequence[float]) -> float | None:
    """What the quarter after these brings by additive Holt-Winters; None of fewer than ``FEWEST``.

    ``quarters`` are consecutive results, the oldest first. How fast level, trend and season follow
    is chosen by the least squared error of the forecasts one quarter ahead. Never below 0.
    """
    known = np.asarray(quarters, dtype="float64")[-MOST:]
    if len(known) < FEWEST:
        return None
    best = _best(known, _around((0.5, 0.5, 0.5), COARSE, 0.5))
    errors, ahead = _run(known, _around(best, FINE, COARSE))
    return max(0.0, float(ahead[int(np.argmin(errors))]))


def _best(known: Numbers, weights: Numbers) -> tuple[float, float, float]:
    errors, _ = _run(known, weights)
    alpha, beta, gamma = weights[int(np.argmin(errors))]
    return float(alpha), float(beta), float(gamma)


def _around(middle: tuple[float, float, float], step: float, reach: float) -> Numbers:
    """Every choice of three weights from 0 to 1 around some, a row each, the calmest first."""
    steps = np.arange(-round(reach / step), round(reach / step) + 1) * step
    ways = [np.unique((one + steps).clip(0, 1).round(9)) for one in middle]
    return np.stack(np.meshgrid(*ways, indexing="ij"), axis=-1).reshape(-1, 3)


def _run(known: Numbers, weights: Numbers) -> tuple[Numbers, Numbers]:
    """The squared errors of each choice of weights over all quarters, and the quarter after."""
    alpha, beta, gamma = weights.T
    first, second = known[:SEASONS], known[SEASONS : 2 * SEASONS]
    slope = (second.mean() - first.mean()) / SEASONS
    start = first.mean() - slope * (SEASONS + 1) / 2
    straight = start + slope * np.arange(1, 2 * SEASONS + 1)
    apart = (known[: 2 * SEASONS] - straight).reshape(2, SEASONS).mean(axis=0)
    level, trend = np.full(len(weights), start), np.full(len(weights), slope)
    seasons = [np.full(len(weights), one) for one in apart]
    errors = np.zeros(len(weights))
    for nth, value in enumerate(known):
        season = seasons[nth % SEASONS]
        miss = value - (level + trend + season)
        errors += miss**2
        # The form by errors: each part takes its share of what was not foreseen.
        level, trend = level + trend + alpha * miss, trend + alpha * beta * miss
        seasons[nth % SEASONS] = season + gamma * (1 - alpha) * miss
    return errors.round(6), level + trend + seasons[len(known) % SEASONS]
