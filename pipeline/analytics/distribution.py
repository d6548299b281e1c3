"""What a quarter may end at, and how likely: the sum of deals that are each won or not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
EXACT_UP_TO = 20
FEW = 10  # of which every value that the sum can take is told in a moment
DRAWS = 20_000
DRAWN_ALONE = 400  # of more deals, those that matter least are drawn together
AT_ONCE = 50
CELLS = 4096  # of a grid; a deal's amount is off by half of one at most
NEARLY = 1e-9


@dataclass(frozen=True)
class Distribution:
    """Every value that the sum can take, ascending, with its chance."""

    values: Numbers
    chances: Numbers

    @property
    def mean(self) -> float:
        """The expected value."""
        return float(self.values @ self.chances)

    @property
    def sd(self) -> float:
        """The standard deviation."""
        return float(np.sqrt((self.values - self.mean) ** 2 @ self.chances))

    def quantile(self, share: float) -> float:
        """The smallest value that is reached or undercut with this chance."""
        place = int(np.searchsorted(np.cumsum(self.chances), share - NEARLY))
        return float(self.values[min(place, len(self.values) - 1)])

    def at_least(self, amount: float) -> float:
        """The chance to reach an amount."""
        return self._between(amount, np.inf)

    def within(self, middle: float, share: float) -> float | None:
        """The chance to end no further than this share from ``middle``; None where that is 0."""
        if not middle:
            return None
        away = abs(middle) * share
        return self._between(middle - away, middle + away)

    def _between(self, low: float, high: float) -> float:
        slack = NEARLY * max(1.0, abs(low) if np.isfinite(low) else 1.0)
        inside = (self.values >= low - slack) & (self.values <= high + slack)
        return min(1.0, float(self.chances[inside].sum()))


def of_sum(certain: float, amounts: Numbers, chances: Numbers, seed: int) -> Distribution:
    """``certain`` plus each amount with its chance, independently of each other.

    Exact up to 20 deals, else by 20,000 draws that the seed decides. Of more than 400 deals those
    that vary least are drawn as one normal amount with their mean and variance.
    """
    matters = (amounts > 0) & (chances > 0)
    certain += float(amounts[matters & (chances >= 1)].sum())
    open_ = matters & (chances < 1)
    if open_.sum() <= EXACT_UP_TO:
        return _exact(certain, amounts[open_], chances[open_])
    return _drawn(certain, amounts[open_], chances[open_], seed)


def on_grid(certain: float, amounts: Numbers, chances: Numbers) -> Distribution:
    """The same as ``of_sum``, in a moment however many deals: amounts are rounded to a grid.

    Its quantiles are off by some thousandths of all amounts together, as those of draws are.
    """
    matters = (amounts > 0) & (chances > 0)
    whole = float(amounts[matters].sum())
    if not whole or matters.sum() <= FEW:
        return _exact(certain, amounts[matters], chances[matters].clip(0, 1))
    width = whole / (CELLS - matters.sum())
    likely = np.zeros(CELLS)
    likely[0] = 1.0
    for amount, chance in zip(amounts[matters], chances[matters].clip(0, 1), strict=True):
        moved = round(amount / width)
        won = likely * chance
        likely -= won
        likely[moved:] += won[: CELLS - moved]
    return Distribution(certain + np.arange(CELLS) * width, likely)


def seed_of(day: date, quarter: str, team: str) -> int:
    """The same number for the same day, quarter and team, in every process."""
    text = f"{day.isoformat()}|{quarter}|{team}"
    return int.from_bytes(hashlib.blake2s(text.encode(), digest_size=8).digest(), "big")


def _exact(certain: float, amounts: Numbers, chances: Numbers) -> Distribution:
    values, weights = np.array([certain]), np.array([1.0])
    for amount, chance in zip(amounts, chances, strict=True):
        both = np.concatenate([values, values + amount]).round(6)
        likely = np.concatenate([weights * (1 - chance), weights * chance])
        values, places = np.unique(both, return_inverse=True)
        weights = np.bincount(places, weights=likely)
    return Distribution(values, weights)


def _drawn(certain: float, amounts: Numbers, chances: Numbers, seed: int) -> Distribution:
    dice = np.random.default_rng(seed)
    variances = amounts**2 * chances * (1 - chances)
    order = np.argsort(-variances, kind="stable")
    alone, rest = order[:DRAWN_ALONE], order[DRAWN_ALONE:]
    sums = np.full(DRAWS, certain)
    for start in range(0, len(alone), AT_ONCE):
        these = alone[start : start + AT_ONCE]
        hit = dice.random((len(these), DRAWS), dtype=np.float32) < chances[these, None]
        sums += amounts[these] @ hit.astype(np.float64)
    if len(rest):
        mean, spread = amounts[rest] @ chances[rest], np.sqrt(variances[rest].sum())
        together = dice.normal(mean, spread, DRAWS)
        sums += together.clip(0.0, amounts[rest].sum())
    values, counts = np.unique(sums.round(6), return_counts=True)
    return Distribution(values, counts / DRAWS)
