"""Whether two groups differ by more than chance would make them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 10  # a group of fewer says too little to be told apart
ALPHA = 0.05


@dataclass(frozen=True)
class Sample:
    """A group by its sums: how many cases, their values together, and their squares together."""

    n: float
    total: float
    squares: float

    @property
    def mean(self) -> float | None:
        """The value of a case on average; None without any."""
        return self.total / self.n if self.n > 0 else None

    def without(self, other: Sample) -> Sample:
        """The group less one that is a part of it."""
        return Sample(self.n - other.n, self.total - other.total, self.squares - other.squares)

    def variance(self) -> float:
        """Of a case, as estimated from the group."""
        spread = self.squares - self.total * self.total / self.n
        return max(0.0, spread) / (self.n - 1)


def together(samples: Sequence[Sample]) -> Sample:
    """All of them as one group."""
    return Sample(
        sum(one.n for one in samples),
        sum(one.total for one in samples),
        sum(one.squares for one in samples),
    )


def chance(one: Sample, other: Sample) -> float | None:
    """How likely chance alone makes means differ so much (Welch, two-sided); None of too few."""
    if min(one.n, other.n) < LEAST:
        return None
    parts = one.variance() / one.n, other.variance() / other.n
    error = sum(parts)
    apart = abs(one.total / one.n - other.total / other.n)
    if error <= 0:
        return 1.0 if apart <= 1e-12 else 0.0
    freedom = error**2 / (parts[0] ** 2 / (one.n - 1) + parts[1] ** 2 / (other.n - 1))
    t = apart / math.sqrt(error)
    # Student's distribution by the normal one, right to a thousandth from 9 degrees on.
    z = t * (1 - 1 / (4 * freedom)) / math.sqrt(1 + t * t / (2 * freedom))
    return math.erfc(z / math.sqrt(2))


def beyond_chance(chances: Sequence[float | None], alpha: float = ALPHA) -> list[bool]:
    """Which of several comparisons hold together (Holm): one false one in 20 families at most."""
    known = sorted((value, nth) for nth, value in enumerate(chances) if value is not None)
    held = [False] * len(chances)
    for place, (value, nth) in enumerate(known):
        if value > alpha / (len(known) - place):
            break
        held[nth] = True
    return held
