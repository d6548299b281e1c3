"""Whether a win rate rises or falls over quarters by more than chance would make it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from coaching.analytics.evidence import ALPHA

LEAST_QUARTERS = 4
LEAST_DECIDED = 20  # on each side of the middle
LEAST_WON = 5
IMPROVING, STABLE, WORSENING = "improving", "stable", "worsening"


@dataclass(frozen=True)
class Trend:
    """improving, stable or worsening, with what was won of how many decided before and lately.

    ``before`` and ``lately`` are halves of the quarters, the later one the shorter where they are
    odd: (won, decided).
    """

    word: str
    quarters: int
    before: tuple[int, int]
    lately: tuple[int, int]


def trend(quarters: Sequence[tuple[float, float]]) -> Trend | None:
    """The trend of quarters, the oldest first, each (won, decided); None of too few.

    By Cochran and Armitage's test for a trend of shares, two-sided.
    """
    known = [(won, of) for won, of in quarters if of > 0]
    half = len(known) // 2
    sides = [
        (int(sum(won for won, _ in some)), int(sum(of for _, of in some)))
        for some in (known[: len(known) - half], known[len(known) - half :])
    ]
    won = sum(one for one, _ in sides)
    if len(known) < LEAST_QUARTERS or min(of for _, of in sides) < LEAST_DECIDED:
        return None
    if won < LEAST_WON:
        return None
    z = _z(known)
    lower, upper = (one / of for one, of in sides)
    is_sure = math.erfc(abs(z) / math.sqrt(2)) <= ALPHA and (upper - lower) * z > 0
    word = (IMPROVING if z > 0 else WORSENING) if is_sure else STABLE
    return Trend(word, len(known), sides[0], sides[1])


def _z(known: Sequence[tuple[float, float]]) -> float:
    won, total = (sum(one[nth] for one in known) for nth in (0, 1))
    rate = won / total
    score = sum(nth * (hits - of * rate) for nth, (hits, of) in enumerate(known))
    first = sum(nth * of for nth, (_, of) in enumerate(known))
    second = sum(nth * nth * of for nth, (_, of) in enumerate(known))
    spread = rate * (1 - rate) * (second - first * first / total)
    return score / math.sqrt(spread) if spread > 0 else 0.0
