"""Whether deals that somebody acted on moved more often than alike ones that nobody did."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from revops_site.kernel.intervals import wilson

LEAST = 20
WITHIN = 14  # days in which a deal moves, or does not


@dataclass(frozen=True)
class Candidate:
    """A deal that was acted on, and one that was like it then; ``other_id`` "" for none."""

    deal_id: str
    moved: bool
    other_id: str
    other_moved: bool


@dataclass(frozen=True)
class Compared:
    """So many pairs, and how many of both sides moved."""

    n: int
    moved: int
    other_moved: int

    @property
    def says(self) -> bool:
        """Whether there are pairs enough to say anything."""
        return self.n >= LEAST

    @property
    def gap(self) -> tuple[float, float, float] | None:
        """How much more often those moved that were acted on, with the ends of its 95 % interval.

        By Newcombe's rule, from Wilson's interval of each side; None of too few.
        """
        one, other = wilson(self.moved, self.n), wilson(self.other_moved, self.n)
        if not self.says or one is None or other is None:
            return None
        own, beside = self.moved / self.n, self.other_moved / self.n
        low = math.hypot(own - one[0], other[1] - beside)
        high = math.hypot(one[1] - own, beside - other[0])
        gap = own - beside
        return gap, gap - low, gap + high


def compared(candidates: Iterable[Candidate]) -> Compared:
    """Each deal beside the first one like it that stands beside no other; those without are out.

    The candidates come in the order of the deals, the nearest first.
    """
    used: set[str] = set()
    paired: dict[str, tuple[bool, bool]] = {}
    for one in candidates:
        if one.deal_id in paired or not one.other_id or one.other_id in used:
            continue
        used.add(one.other_id)
        paired[one.deal_id] = (one.moved, one.other_moved)
    moved, other_moved = (sum(pair[side] for pair in paired.values()) for side in (0, 1))
    return Compared(len(paired), moved, other_moved)
