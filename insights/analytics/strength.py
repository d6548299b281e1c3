"""How strongly the data support a statement: from its effect, its sample, and what is missing.

It says nothing about a cause, and is no probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Direction: TypeAlias = Literal["above", "below"]

FLOOR, SPAN = 0.05, 0.90  # never sure, never hopeless: 5 to 95 %
WEIGHTS = (0.5, 0.3, 0.2)  # of the effect, the sample and the filled fields
HALF_SAMPLE = 30  # a sample of this size counts half
EXACT = 9  # decimals that values are compared in, so that 86100 / 123000 is 0.7


@dataclass(frozen=True)
class Strength:
    """A statement's confidence and the three parts of it, each from 0 to 1."""

    effect: float
    sample: float
    filled: float

    @property
    def confidence(self) -> float:
        """From 0.05 to 0.95."""
        parts = zip(WEIGHTS, (self.effect, self.sample, self.filled), strict=True)
        return FLOOR + SPAN * sum(weight * part for weight, part in parts)


def strength(
    value: float, threshold: float, n: int, *, scale: float | None = None, filled: float = 1.0
) -> Strength:
    """How strongly ``n`` observations support that ``value`` lies beyond ``threshold``.

    ``scale`` is the distance that counts as a full effect, the threshold itself where none is
    given; ``filled`` the share of the needed fields that are known.
    """
    distance, whole = abs(value - threshold), abs(threshold if scale is None else scale)
    effect = min(1.0, distance / whole) if whole else float(distance > 0)
    return Strength(effect, n / (n + HALF_SAMPLE), filled)


def beyond(direction: Direction, value: float, threshold: float) -> bool:
    """Whether ``value`` lies truly above, or below, ``threshold``; equality never does."""
    first, second = round(value, EXACT), round(threshold, EXACT)
    return first > second if direction == "above" else first < second


def equals(value: float, threshold: float) -> bool:
    """Whether ``value`` is the threshold, as far as numbers are compared."""
    return round(value, EXACT) == round(threshold, EXACT)
