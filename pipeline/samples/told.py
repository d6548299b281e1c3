"""The deals that the files tell of, with who had them and until when they were worked on."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from revops_site.kernel.world import World, cast
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.frame import Days, Texts
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import before_weekend, instants, workdays
from revops_site.kernel.world.outcomes import execution
from revops_site.kernel.world.process import PIPELINES

DAY = 86_400
HANDED_OVER = 0.045
LATEST_HANDOVER = 0.7  # of a deal's life
DIGITS = "%.15g"


@lru_cache(maxsize=1)
def told(world: World) -> pd.DataFrame:
    """One row per deal of the files, numbered from 0 in the order of ``deal_id``.

    Columns: those of ``deals``, and decided (whether it has ended by ``as_of``), until (the last
    day on which somebody worked on it: the day before it was decided, else ``as_of``), first_rep
    (a place in ``cast.reps``: who had it at first) and handed (the day on which its present rep
    took over; ``NEVER`` where that is the first one).
    """
    found = deals(world)
    found = found[found["told"]].reset_index(drop=True)
    closed = found["closed"].to_numpy()
    found["decided"] = closed <= world.last
    found["until"] = np.where(found["decided"], closed - 1, world.last)
    _hand_over(world, found)
    return found


def entered(world: World) -> Days:
    """The day of entering each stage of the deal's pipeline, as far as is known at ``as_of``.

    Shape: deals of ``told`` by places of stages; ``NEVER`` where a deal has not come.
    """
    found = deals(world)
    steps = execution(world, found)[found["told"].to_numpy(), :-1]
    rows = told(world)
    days = np.column_stack([rows["created"], rows["stage_1"], rows["stage_2"], steps])
    stages = rows["stages"].to_numpy()
    days[stages < 2, 1] = NEVER
    days[stages < 3, 2] = NEVER
    return np.where(days <= world.last, days, NEVER)


def stage_names() -> tuple[Texts, Days]:
    """The names of all stages of all pipelines in one row, and where each pipeline begins."""
    names = [stage.name for pipeline in PIPELINES for stage in pipeline.stages]
    lengths = [len(pipeline.stages) for pipeline in PIPELINES]
    return np.array(names, dtype=object), np.cumsum([0, *lengths[:-1]])


def during(dice: np.random.Generator, first: Days, last: Days) -> Days:
    """A working day from the first to the last day, both included, for each row.

    A span that is a weekend gives its last day.
    """
    lots = dice.random(len(first))
    day = first + np.floor(lots * np.maximum(1, last - first + 1)).astype(np.int64)
    earlier = before_weekend(day)
    return np.minimum(np.where(earlier < first, workdays(day), earlier), np.maximum(first, last))


def picked(names: Texts | list[str], codes: NDArray[Any]) -> pd.Categorical:
    """The texts with these codes, as files take them quickest; -1 is empty."""
    # The stubs know lists alone, which would take ten times as long.
    made: pd.Categorical = pd.Categorical.from_codes(codes, list(names))  # type: ignore[call-overload]
    return made


def moments(at: NDArray[Any]) -> pd.Series[pd.Timestamp]:
    """Moments of UTC from seconds since 1970; those before it are empty."""
    return pd.Series(instants(at // DAY, at % DAY)).where(at >= 0)


def day_texts(days: NDArray[Any]) -> Texts:
    """Numbered days as files write them: 2026-05-12."""
    codes, each = pd.factorize(days)
    names = np.datetime_as_string(each.astype("datetime64[D]"))
    return names.astype(object)[codes]


def number_texts(numbers: NDArray[Any]) -> Texts:
    """Numbers as files write them: 12000, 0.24."""
    codes, each = pd.factorize(numbers)
    return np.array([DIGITS % value for value in each], dtype=object)[codes]


def _hand_over(world: World, found: pd.DataFrame) -> None:
    """A few deals began with another rep of the same region, who was there all the time."""
    dice = world.dice("hand over")
    reps, rep = cast.reps(world), found["rep"].to_numpy()
    lots = dice.random((2, len(found)))
    first = rep.copy()
    for place, one in enumerate(reps):
        others = [
            other
            for other, each in enumerate(reps)
            if each.region == one.region and each.since is None and other != place
        ]
        here = (rep == place) & (lots[0] < HANDED_OVER)
        first[here] = np.array(others)[(lots[1, here] * len(others)).astype(np.int64)]
    created, until = found["created"].to_numpy(), found["until"].to_numpy()
    latest = created + np.floor((until - created) * LATEST_HANDOVER).astype(np.int64)
    day = during(dice, created + 1, latest)
    moved = (first != rep) & (latest > created)
    found["first_rep"] = np.where(moved, first, rep)
    found["handed"] = np.where(moved, day, NEVER)
