"""What reps and their managers said that quarters would bring, week by week, each in their way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipeline.samples.plan import WORTH
from pipeline.samples.told import moments, told
from revops_site.kernel.world import World, cast, seasons
from revops_site.kernel.world.frame import Days, Flags, Numbers, number

QUARTERS, WEEKS, WEEK, QUARTER = 6, 13, 7, 91
SAID_ON, FIRST_HOUR, HOURS = 3, 13, 5  # days into the week; in UTC
MISSED = 0.08  # of all weeks
ROUND = 500.0
KNOWN = 0.4  # of how a quarter will be, at its start
WRONG, SCATTER = 0.3, 0.1  # of what is left to be won: all through a quarter, and week by week
DAY_SECONDS = 86_400


class Way(NamedTuple):
    """How somebody calls: ``bias`` is how far off at the start, ``last`` how much stays of it."""

    bias: float
    last: float
    best: float
    note: str = ""


USUAL = Way(0.06, 0.1, 1.3)
# Happy ears: what is promised is as good as won. The sandbagger: better to surprise than to miss.
WAYS: Mapping[str, Way] = {
    "Ethan Walker": Way(0.75, 0.45, 1.5, "They all told me yes; it is only the paper now"),
    "Grace Liu": Way(0.35, 0.3, 1.6, "First quarter with deals of my own"),
    "Matteo Rossi": Way(0.4, 0.6, 1.4, "Nothing has slipped that I know of"),
    "Noor Haddad": Way(-0.45, 0.5, 1.7, "Only what is signed, and what I would bet on"),
    "Maya Okafor": Way(-0.05, 0.0, 1.2, "Went through each one with the buyer"),
}
# What managers make of the sum of what their reps say.
TRIMS: Mapping[str, float] = {"Renata Silva": 0.88, "Tobias Lindqvist": 1.0, "Mei Sato": 0.95}


def forecast_calls(world: World) -> pd.DataFrame:
    """One row per rep or team and week of the last quarters, by the moment it was said.

    Money in US dollars, for quarters of the calendar year, what is won so far included.
    """
    rows = [row for start in _starts(world) for row in _quarter(world, int(start))]
    columns = ("rep_id", "team", "quarter", "at", "commit_amount", "best_case_amount", "by", "note")
    found = pd.DataFrame(rows, columns=list(columns))
    order = found.sort_values(["at", "team", "rep_id"], kind="stable", ignore_index=True)
    return pd.DataFrame(
        {
            "rep_id": order["rep_id"],
            "team": order["team"],
            "quarter": order["quarter"],
            "submitted_at": moments(order["at"].to_numpy(dtype=np.int64)),
            "commit_amount": order["commit_amount"],
            "best_case_amount": order["best_case_amount"],
            "currency": "USD",
            "submitted_by": order["by"],
            "note": order["note"],
        }
    )


def _starts(world: World) -> Days:
    """The first days of the quarters that calls are known of, the running one last."""
    days = np.arange(world.first, world.last + 1)
    starts: Days = np.unique(seasons.quarter_start(days))
    return starts[starts >= world.first][-QUARTERS - 1 :]


def _quarter(world: World, start: int) -> Iterator[tuple[object, ...]]:
    """All that is said of a quarter: each week by the reps, then by those who lead them."""
    label = _label(start)
    ids, reps = cast.rep_ids(world), cast.reps(world)
    said = _said(world, start)
    for week in range(WEEKS):
        at = (start + week * WEEK + SAID_ON) * DAY_SECONDS
        if at // DAY_SECONDS > world.last:
            return
        dice = world.dice(f"calls {label} {week + 1}")
        second = dice.integers(FIRST_HOUR * 3600, (FIRST_HOUR + HOURS) * 3600, len(reps))
        missed = dice.random(len(reps)) < MISSED
        best = dice.uniform(0.9, 1.1, len(reps))
        for place, rep in enumerate(reps):
            amount, way = said[place, week], WAYS.get(rep.name, USUAL)
            if missed[place] or not amount > 0 or (rep.silent and at >= _dark(world)):
                continue
            best_case = _rounded(amount * (1 + (way.best - 1) * best[place]))
            note = way.note if week % 4 == 0 else ""
            moment = at + int(second[place])
            yield ids[place], "", label, moment, amount, best_case, rep.name, note
        yield from _managers(world, said[:, week], label, at)


def _managers(world: World, said: Numbers, label: str, at: int) -> Iterator[tuple[object, ...]]:
    teams = [rep.team for rep in cast.reps(world)]
    for place, team in enumerate(cast.teams(world)):
        mine = float(said[[of == team.name for of in teams]].sum())
        amount = _rounded(mine * TRIMS.get(team.manager, 0.95))
        if amount > 0:
            moment = at + DAY_SECONDS + (9 + place % 3) * 3600
            if moment // DAY_SECONDS <= world.last:
                best_case = _rounded(mine * 1.2)
                yield "", team.name, label, moment, amount, best_case, team.manager, ""


def _said(world: World, start: int) -> Numbers:
    """What each rep says in each week: reps by weeks; 0 where it is nothing worth saying."""
    won, final = _won(world, start)
    dice = world.dice(f"calls {_label(start)}")
    ways = [WAYS.get(rep.name, USUAL) for rep in cast.reps(world)]
    bias, stays = np.array([way.bias for way in ways]), np.array([way.last for way in ways])
    wrong = dice.normal(0.0, WRONG, len(ways))[:, None]
    scatter = dice.normal(0.0, SCATTER, (len(ways), WEEKS))
    late = np.arange(WEEKS) / (WEEKS - 1)
    # Early on a rep knows of the quarter little more than that it will be like others.
    known = KNOWN + (1 - KNOWN) * late
    belief = known * final[:, None] + (1 - known) * _usual(world)[:, None]
    fade = 1 - (1 - stays[:, None]) * late
    factor = np.exp(wrong * (1 - late)) + bias[:, None] * fade + scatter * (1.1 - late)
    amount = won + np.maximum(0.0, belief - won) * np.maximum(0.1, factor)
    is_there = _is_there(world, start)[:, None]
    told_: Numbers = np.round(amount * is_there / ROUND) * ROUND
    return told_


@lru_cache(maxsize=1)
def _usual(world: World) -> Numbers:
    """What each rep wins in a quarter, as a rule."""
    finals = [_won(world, int(start))[1] for start in _starts(world)]
    usual: Numbers = np.mean(finals, axis=0)
    return usual


def _is_there(world: World, start: int) -> Flags:
    """Who has begun to sell by the quarter's first day."""
    first = [cast.started(world, rep) or 0 for rep in cast.reps(world)]
    there: Flags = np.array(first) <= start
    return there


def _won(world: World, start: int) -> tuple[Numbers, Numbers]:
    """What each rep had won by each week's end, reps by weeks, and by the quarter's end.

    Of the running quarter, what it will be at the pace so far and of the one before.
    """
    by_week = np.stack(
        [_between(world, start, start + (week + 1) * WEEK) for week in range(WEEKS)], axis=1
    )
    end = _end(start)
    if end <= world.last:
        return by_week, _between(world, start, end + 1)
    passed = (world.last + 1 - start) / QUARTER
    last = _between(world, start - QUARTER, start)
    so_far = _between(world, start, world.last + 1)
    return by_week, so_far + (1 - passed) * np.maximum(last, so_far / max(passed, 0.25))


def _between(world: World, first: int, end: int) -> Numbers:
    """What each rep has won from the first day to the day before the end, as far as is known."""
    found = told(world)
    known = (found["won"] & found["decided"] & found["closed"].between(first, end - 1)).to_numpy()
    worth = (found["amount"] * found["currency"].map(WORTH).astype("float64"))[known]
    reps = len(cast.reps(world))
    return np.bincount(found["rep"].to_numpy()[known], worth, minlength=reps).astype(np.float64)


def _end(start: int) -> int:
    """The last day of the quarter that begins on a day."""
    following = np.array([start + QUARTER + WEEK])
    return int(seasons.quarter_start(following)[0]) - 1


def _label(start: int) -> str:
    months = int(np.array([start]).astype("datetime64[D]").astype("datetime64[M]").astype(int)[0])
    return f"Q{months % 12 // 3 + 1} {1970 + months // 12}"


def _dark(world: World) -> int:
    """The moment from which a rep who went dark says nothing any more."""
    return number(world.dark) * DAY_SECONDS


def _rounded(amount: float) -> float:
    return round(amount / ROUND) * ROUND
