"""How long things last when some have not ended yet, as Kaplan and Meier estimate it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

HALF = 0.5
Z = 1.959963984540054  # of a 95 % interval


@dataclass(frozen=True)
class Curve:
    """The share that lasts beyond each day on which something ended, from 1 at day 0.

    ``days`` ascend from 0; ``staying`` is the share that outlasts the day, ``low`` and ``high``
    the ends of its 95 % interval (Greenwood's variance on the log-log scale, as is usual: it stays
    within 0 and 1). ``at_risk`` counts those that had lasted until just before the day. ``n`` is
    how many there are, ``ended`` how many of them are known to have ended, ``longest`` for how
    many days any was watched: beyond them nothing is known.
    """

    days: tuple[int, ...]
    staying: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    at_risk: tuple[int, ...]
    n: int
    ended: int
    longest: int

    def at(self, day: float) -> int | None:
        """The place in the curve that tells of a day; None beyond what was watched."""
        if not self.n or day > self.longest:
            return None
        return max(place for place, known in enumerate(self.days) if known <= day)

    @property
    def median(self) -> float:
        """The day by which half have ended; NaN where more than half last."""
        return self._by(self.staying)

    @property
    def median_interval(self) -> tuple[float, float]:
        """Where the median lies with 95 % certainty; an end that is not known is NaN."""
        return self._by(self.low), self._by(self.high)

    def _by(self, shares: Sequence[float]) -> float:
        ends = zip(self.days, shares, strict=True)
        return next((float(day) for day, share in ends if round(share, 9) <= HALF), math.nan)


def curve(days: Sequence[int], ended: Sequence[int], lasting: Sequence[int]) -> Curve:
    """The curve of so many that ``ended`` on each of the ``days``, which ascend, or still last.

    Whoever is ``lasting`` counts for as long as is known, and no longer; on the same day endings
    come first.
    """
    at_risk = n = int(sum(ended)) + int(sum(lasting))
    staying, spread = 1.0, 0.0
    steps: list[tuple[int, float, float, float, int]] = [(0, 1.0, 1.0, 1.0, n)]
    for day, gone, unknown in zip(days, ended, lasting, strict=True):
        if gone:
            staying *= 1 - gone / at_risk
            spread += gone / (at_risk * (at_risk - gone)) if at_risk > gone else math.inf
            steps.append((int(day), staying, *_interval(staying, spread), at_risk))
        at_risk -= int(gone) + int(unknown)
    if len(steps) > 1 and steps[1][0] == 0:
        del steps[0]
    places = list(zip(*steps, strict=True))
    longest = int(days[-1]) if len(days) else 0
    days_, shares, low, high, risk = places
    return Curve(days_, shares, low, high, risk, n=n, ended=int(sum(ended)), longest=longest)


def median(days: Sequence[int], ended: Sequence[int], lasting: Sequence[int]) -> float:
    """The day by which half have ended; NaN where more than half last."""
    return curve(days, ended, lasting).median


def _interval(staying: float, spread: float) -> tuple[float, float]:
    if staying <= 0 or math.isinf(spread):
        return math.nan, math.nan
    width = Z * math.sqrt(spread) / math.log(staying) if staying < 1 else 0.0
    power = math.exp(width)  # below 1, as the logarithm of a share is negative
    return float(staying ** (1 / power)), float(staying**power)
