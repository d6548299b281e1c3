"""Whether numbers stand still: two readings of the same number of the same slice, compared."""

from __future__ import annotations

import math
from typing import Literal, Protocol, TypeAlias

Verdict: TypeAlias = Literal["new", "same", "loaded", "alarm"]
CLOSE = 1e-9  # of the value: sums of floats in another order differ by less


class Read(Protocol):
    """A metric's value of a slice, None where undefined; ``key`` tells the slice from others."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> float | None: ...


class Before(Read, Protocol):
    """The reading before, with the state of the data that it is of."""

    @property
    def generation(self) -> int: ...


def is_same(one: float | None, other: float | None) -> bool:
    """Whether two values are the same but for the order that they were summed in."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)


def judged(now: Read, before: Before | None, generation: int) -> Verdict:
    """``alarm`` where a number changed though the data did not; ``loaded`` where both did.

    Of another slice than before, such as after the calendar was changed, nothing can be said: new.
    """
    if before is None or before.key != now.key:
        return "new"
    if is_same(now.value, before.value):
        return "same"
    return "alarm" if before.generation == generation else "loaded"
