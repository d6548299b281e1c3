"""How reps work: on which days how much, from where, and when their calls are answered."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from revops_site.kernel.world import World, cast, seasons
from revops_site.kernel.world.company import REGION_OF_GEO
from revops_site.kernel.world.frame import Days, Flags, Numbers, number
from revops_site.kernel.world.moments import OFFICE
from revops_site.kernel.world.seasons import SATURDAY, THURSDAY

QUIET_WEEK = 0.06
BEST_HOURS = 2


def busy(world: World, rep: Days, day: Days) -> Numbers:
    """How much of the best day's work a rep does on a day, from 0 to 1."""
    weekday = (day + THURSDAY) % 7
    week = _habits(world)[rep, np.minimum(weekday, SATURDAY)]
    away = (day >= number(world.offsite[0])) & (day < number(world.offsite[1]))
    calendar = seasons.year(day) / max(seasons.MONTHS)
    silent = np.array([each.silent for each in cast.reps(world)])[rep]
    there: Flags = ~(silent & (day >= number(world.dark))) & ~_rest(day)
    busy: Numbers = week * np.where(away, QUIET_WEEK, 1.0) * np.sqrt(calendar) * there
    return busy


@lru_cache(maxsize=1)
def _habits(world: World) -> Numbers:
    """How busy each rep is on Monday to Friday and at weekends: most have a day they are not."""
    dice = world.dice("habits")
    count = len(cast.reps(world))
    week = dice.uniform(0.82, 1.0, (count, SATURDAY + 1))
    slow = dice.choice((0, 4, 4, 2, 1), count)
    week[np.arange(count), slow] *= dice.uniform(0.45, 0.85, count)
    week[:, SATURDAY] = 0.0
    return week


def _rest(day: Days) -> Flags:
    """Christmas and New Year, on which nobody works anywhere."""
    months = day.astype("datetime64[D]").astype("datetime64[M]")
    of_month = (day.astype("datetime64[D]") - months).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    rest: Flags = ((month == 12) & (of_month == 25)) | ((month == 1) & (of_month == 1))
    return rest


@lru_cache(maxsize=1)
def best_hour(world: World) -> Days:
    """The hour of UTC from which, for two hours, most of each rep's calls are answered."""
    dice = world.dice("best hours")
    hours = np.array([OFFICE[geo] for geo in offices(world)])
    span = hours[:, 1] - hours[:, 0] - BEST_HOURS - 1
    best: Days = hours[:, 0] + 1 + np.floor(dice.random(len(hours)) * span).astype(np.int64)
    return best


def offices(world: World) -> NDArray[Any]:
    """The geo from which each rep works."""
    of_region = {region: geo for geo, region in reversed(REGION_OF_GEO.items())}
    return np.array([of_region[rep.region] for rep in cast.reps(world)], dtype=object)
