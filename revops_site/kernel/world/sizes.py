"""How large the company is: S to look at, M to work with, L to measure with.

M and L are told in shards: companies of a size that fits into memory, each with campaigns, reps,
accounts and ids of its own. Files are the shards, one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """What one shard holds beside the company of size S, and how many shards there are.

    ``themes``: how often each campaign runs, for other customers; ``volume``: leads of each of
    them; ``squads``: how often the three teams exist; ``legacy``: customers from before the files;
    ``activities``: of reps, per deal, on average; ``digits``: of an id at the least.
    """

    shards: int = 1
    themes: int = 1
    volume: float = 1.0
    squads: int = 1
    legacy: float = 1.0
    activities: float = 12.0
    digits: int = 5

    @property
    def deals(self) -> float:
        """How many times as many deals a shard has."""
        return self.themes * self.volume


SIZES = {
    "S": Scale(),
    "M": Scale(8, themes=5, volume=1.8, squads=3, legacy=22.0, activities=6.0, digits=7),
    "L": Scale(80, themes=5, volume=1.8, squads=3, legacy=9.5, activities=5.0, digits=8),
}
