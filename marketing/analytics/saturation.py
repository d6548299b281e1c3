"""Whether more spend still brings as much: a saturation curve, told only where data support it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from revops_site.kernel.frames import Floats

LEAST_POINTS = 20
LEAST_SPREAD = 2.0  # of the upper to the lower tenth of spend
MOST_CHANCE = 0.05
TRIES = 399
SEED = 20260101
CURVES = np.geomspace(0.05, 5.0, 24)  # half-saturation, in units of the largest spend


@dataclass(frozen=True)
class Saturation:
    """A fitted curve ``base + most * spend / (spend + half)``, or the ``reason`` why there is none.

    ``marginal`` is what one more unit of money brings at ``spend``, with its 95 % interval; ``n``
    counts the points, ``chance`` is how often a straight line alone looks as bent as that.
    """

    n: int
    reason: str = ""
    base: float = np.nan
    most: float = np.nan
    half: float = np.nan
    spend: float = np.nan
    marginal: float = np.nan
    low: float = np.nan
    high: float = np.nan
    chance: float = np.nan

    def at(self, spend: Floats) -> Floats:
        """The curve at these amounts of spend."""
        found: Floats = self.base + self.most * spend / (spend + self.half)
        return found


def fit(spend: Floats, gain: Floats, now: float) -> Saturation:
    """The curve of ``gain`` by ``spend``, point by point, and what more money brings at ``now``.

    Silent with fewer than twenty points, where the upper tenth of spend is not twice the lower, or
    where a line explains the points as well: residuals of the line, dealt out anew 399 times
    (seeded), look as bent more often than one time in twenty.
    """
    paid = spend > 0
    x, y = spend[paid], gain[paid]
    n = len(x)
    if n < LEAST_POINTS:
        return Saturation(n, f"Too few points: {n} of at least {LEAST_POINTS}.")
    low, high = np.quantile(x, (0.1, 0.9))
    if high < LEAST_SPREAD * low:
        return Saturation(n, "Spend varied too little: its upper tenth is not twice its lower.")
    dice = np.random.default_rng(SEED)
    halves = CURVES * x.max()
    line = _basis(x)
    straight = line @ (line.T @ y)
    rest = y - straight
    dealt = np.stack([straight + dice.permutation(rest) for _ in range(TRIES)], axis=1)
    bases = [_basis(x / (x + half)) for half in halves]
    gained = _gained(bases, line, y[:, None])[0]
    chance = float((1 + (_gained(bases, line, dealt) >= gained).sum()) / (TRIES + 1))
    base, most, half = _best(x, y, halves)
    if chance > MOST_CHANCE or most <= 0:
        return Saturation(n, "A straight line explains the points as well.", chance=chance)
    curve = base + most * x / (x + half)
    left = y - curve
    again = [_best(x, curve + dice.choice(left, n), halves) for _ in range(TRIES)]
    slopes = [_slope(most_, half_, now) for _, most_, half_ in again]
    ends = np.quantile(slopes, (0.025, 0.975))
    marginal = _slope(most, half, now)
    return Saturation(
        n, "", base, most, half, now, marginal, float(ends[0]), float(ends[1]), chance
    )


def _slope(most: float, half: float, spend: float) -> float:
    return most * half / (spend + half) ** 2


def _basis(column: Floats) -> Floats:
    """Two directions at right angles that a constant and this column span."""
    found: Floats = np.linalg.qr(np.column_stack([np.ones(len(column)), column]))[0]
    return found


def _gained(bases: list[Floats], line: Floats, y: Floats) -> Floats:
    """By which share the best rising curve leaves less unexplained than the line, per column."""
    whole = (y**2).sum(axis=0)
    straight = whole - ((line.T @ y) ** 2).sum(axis=0)
    curved = np.min([whole - ((basis.T @ y) ** 2).sum(axis=0) for basis in bases], axis=0)
    found: Floats = (straight - curved) / np.maximum(curved, 1e-12 * np.maximum(whole, 1e-300))
    return found


def _best(x: Floats, y: Floats, halves: Floats) -> tuple[float, float, float]:
    """Base, most and half of the curve with the least squares."""
    found = (np.inf, 0.0, 0.0, float(halves[0]))
    for half in halves:
        column = x / (x + half)
        middle, mean = column.mean(), y.mean()
        spread = ((column - middle) ** 2).sum()
        most = float(((column - middle) * (y - mean)).sum() / spread) if spread else 0.0
        base = float(mean - most * middle)
        missed = float(((y - base - most * column) ** 2).sum())
        found = min(found, (missed, base, most, float(half)))
    return found[1:]
