"""Who sells: twelve reps with a story each, and in larger companies many more without one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from revops_site.kernel.world.frame import Texts, World, number
from revops_site.kernel.world.names import people

REGIONS = ("Americas", "EMEA", "APAC")
SQUAD = {"Americas": 5, "EMEA": 4, "APAC": 3}
MANAGERS = ("Renata Silva", "Tobias Lindqvist", "Mei Sato")
RAMPING = 0.15
MOST_SKILL = 1.2  # nobody is as good as Maya
OLDEST_MONTHS, YOUNGEST_MONTHS = 24, 2


@dataclass(frozen=True)
class Rep:
    """Who sells. ``load`` is the share of the team's deals; the others scale what is usual.

    ``since`` counts months back: nobody gives a deal to a rep who has not started.
    ``discount`` is the usual share taken off the price, ``pushes`` how often a close date is
    moved to a later month, ``threads`` scales the contacts of a deal and ``effort`` the
    activities. ``coached``: wins so many times as often from ``World.coaching`` on.
    """

    name: str
    region: str
    load: float = 1.0
    winning: float = 1.0
    pace: float = 1.0
    price: float = 1.0
    silent: bool = False
    since: int | None = None
    discount: float = 0.06
    threads: float = 1.0
    pushes: float = 0.35
    effort: float = 1.0
    coached: float = 1.0
    squad: int = 0

    @property
    def team(self) -> str:
        """The name of the rep's team."""
        return _team(self.region, self.squad)


@dataclass(frozen=True)
class Team:
    """Reps of a region, and who leads them."""

    name: str
    manager: str
    region: str


REPS = (
    # The top performer, who knows everybody at the customer's.
    Rep("Maya Okafor", "Americas", winning=1.50, pace=0.9, threads=1.9, effort=1.35),
    Rep("Daniel Brooks", "Americas"),
    # The heavy discounter.
    Rep("Sofia Ramirez", "Americas", winning=1.05, price=0.82, pace=0.85, discount=0.24),
    # Never gives up a date, only moves it.
    Rep("Ethan Walker", "Americas", load=0.9, winning=0.9, pushes=2.2),
    # The new hire, still ramping.
    Rep("Grace Liu", "Americas", load=0.8, winning=0.75, since=6, effort=0.8),
    Rep("Lukas Weber", "EMEA"),
    # Below the team until she was coached.
    Rep("Amelia Hughes", "EMEA", winning=0.72, effort=0.9, coached=2.3),
    # Went dark: his deals do not move.
    Rep("Matteo Rossi", "EMEA", winning=0.85, silent=True, threads=0.7, effort=0.6),
    Rep("Noor Haddad", "EMEA", load=0.9),
    Rep("Kenji Tanaka", "APAC"),
    Rep("Priya Nair", "APAC"),
    # Slow and careful.
    Rep("Oliver Grant", "APAC", load=0.8, winning=0.8, pace=1.25, pushes=1.6),
)


@lru_cache(maxsize=2)
def reps(world: World) -> tuple[Rep, ...]:
    """All reps of the shard; ``rep`` in the frames is a place in it.

    The first shard begins with those of ``REPS``.
    """
    named = REPS if world.shard == 0 else ()
    squads = range(world.shard * world.scale.squads, (world.shard + 1) * world.scale.squads)
    seats = [
        (squad, region) for squad in squads for region in REGIONS for _ in range(SQUAD[region])
    ]
    dice = world.dice("cast")
    names = people(world.shard * len(seats), len(seats))
    made = []
    for name, (squad, region) in zip(names, seats, strict=True):
        skill, pace, load, threads = dice.normal(1.0, (0.16, 0.1, 0.1, 0.15))
        since = int(dice.integers(YOUNGEST_MONTHS, OLDEST_MONTHS))
        new = dice.random() < RAMPING
        made.append(
            Rep(
                name,
                region,
                load=max(0.6, load),
                winning=min(max(0.6, skill), MOST_SKILL),
                pace=max(0.7, pace),
                since=since if new else None,
                threads=max(0.6, threads),
                effort=max(0.6, threads),
                squad=squad,
            )
        )
    return (*named, *made[len(named) :])


def rep_ids(world: World) -> Texts:
    """The id of each of ``reps``: REP_001 and so on, unique over all shards."""
    seats = world.scale.squads * sum(SQUAD.values())
    numbers = range(world.shard * seats + 1, (world.shard + 1) * seats + 1)
    return np.array([f"REP_{place:03d}" for place in numbers], dtype=object)


def teams(world: World) -> tuple[Team, ...]:
    """All teams of the shard, in the order of their reps."""
    squads = range(world.shard * world.scale.squads, (world.shard + 1) * world.scale.squads)
    found = []
    for squad in squads:
        leaders = MANAGERS if squad == 0 else people(-len(REGIONS) * (squad + 1), len(REGIONS))
        for region, manager in zip(REGIONS, leaders, strict=True):
            found.append(Team(_team(region, squad), manager, region))
    return tuple(found)


def started(world: World, rep: Rep) -> int | None:
    """The numbered day on which a rep started; None for those who were always there."""
    return None if rep.since is None else number(world.month(rep.since))


def _team(region: str, squad: int) -> str:
    return f"{region} {squad + 1}" if squad else region
