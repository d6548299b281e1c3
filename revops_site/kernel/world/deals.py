"""What became of every opportunity: whose it was, what it was worth, when it moved and ended."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revops_site.kernel.world import seasons
from revops_site.kernel.world.company import (
    GEO_WEIGHTS,
    OPEN_STAGES,
    OUTBOUND,
    REPS,
    SEGMENTS,
    TEAM_OF_GEO,
)
from revops_site.kernel.world.frame import Days, Numbers, World, number
from revops_site.kernel.world.leads import NEVER, leads, lines

OUTBOUND_A_WEEKDAY = 0.85
FORGOTTEN = 0.05
FORGOTTEN_DAYS = 240
SILENT_DAYS = 150
STAGE_SPREAD = 0.5
BEST_CHANCE = 0.97
PULLED = 0.6
PULLED_FROM_DAYS = 12
PULLED_INTO_DAYS = 5


@lru_cache(maxsize=2)
def deals(world: World) -> pd.DataFrame:
    """One row per deal created by ``as_of``, in the order of creation, the prologue's included.

    Columns: line (-1 where a rep dug it up), channel, geo, segment (a code), rep (a place in
    ``REPS``), amount (money), created, stage_1, stage_2 (numbered days of entering Demo and
    Negotiation), closed (the day it ends), stages (how many of the three it enters), won. What
    lies after ``as_of`` is the future: readers cut it off.
    """
    found = pd.concat([_inbound(world), _outbound(world)], ignore_index=True)
    found = found[found["created"] <= world.last]
    found = found.sort_values("created", kind="stable", ignore_index=True)
    segment = found["segment"].to_numpy()
    created = found["created"].to_numpy()
    rep = _reps(world, found["geo"], created)
    found["rep"] = rep
    found["amount"] = _amounts(world, segment, rep)
    _outcomes(world, found, segment, created, rep)
    return found


def _inbound(world: World) -> pd.DataFrame:
    people = leads(world)
    people = people[people["opportunity"] < NEVER]
    table = lines().iloc[people["line"]]
    return pd.DataFrame(
        {
            "line": people["line"].to_numpy(),
            "channel": table["channel"].to_numpy(),
            "geo": table["geo"].to_numpy(),
            "segment": people["segment"].to_numpy(),
            "winning": table["winning"].to_numpy(),
            "created": people["opportunity"].to_numpy(),
        }
    )


def _outbound(world: World) -> pd.DataFrame:
    dice = world.dice("outbound")
    days = world.days
    rate = seasons.growth(world, days) * seasons.year(days) * seasons.week(days, 0.0)
    created = np.repeat(days, dice.poisson(OUTBOUND_A_WEEKDAY * rate))
    geos = np.array(list(GEO_WEIGHTS))
    weights = np.array(list(GEO_WEIGHTS.values()))
    shares = np.array([segment.outbound for segment in SEGMENTS])
    return pd.DataFrame(
        {
            "line": -1,
            "channel": OUTBOUND,
            "geo": dice.choice(geos, len(created), p=weights / weights.sum()),
            "segment": dice.choice(len(SEGMENTS), len(created), p=shares / shares.sum()),
            "winning": 1.0,
            "created": created,
        }
    )


def _reps(world: World, geo: pd.Series[str], created: Days) -> Days:
    """The rep of each deal: of the geo's team, by load, among those who have started."""
    lots = world.dice("reps").random(len(created))
    teams = geo.map(TEAM_OF_GEO).to_numpy()
    loads = np.array([[rep.load] * len(created) for rep in REPS])
    for place, rep in enumerate(REPS):
        loads[place, teams != rep.team] = 0.0
        if rep.since is not None:
            loads[place, created < number(world.month(rep.since))] = 0.0
    reach = np.cumsum(loads, axis=0)
    passed: Days = (lots * reach[-1] >= reach).sum(axis=0)
    return passed


def _amounts(world: World, segment: Days, rep: Days) -> Numbers:
    """Log-normal around the segment's usual amount, to the ten; discounts are the rep's."""
    usual = np.array([each.amount for each in SEGMENTS])[segment]
    spread = np.array([each.spread for each in SEGMENTS])[segment]
    price = np.array([each.price for each in REPS])[rep]
    noise = world.dice("amounts").normal(0.0, 1.0, len(segment))
    amounts: Numbers = np.round(usual * price * np.exp(noise * spread), -1)
    return amounts


def _outcomes(world: World, found: pd.DataFrame, segment: Days, created: Days, rep: Days) -> None:
    """Walk all deals through the stages at once and write down the days and the end."""
    dice = world.dice("outcomes")
    count, steps = len(found), len(OPEN_STAGES)
    odds = found.pop("winning").to_numpy() * np.array([each.winning for each in REPS])[rep]
    chances = np.array([each.advance for each in SEGMENTS])[segment] * np.cbrt(odds)[:, None]
    went = dice.random((count, steps)) < np.minimum(chances, BEST_CHANCE)
    usual = np.array([each.pace for each in SEGMENTS])[segment]
    pace = np.array([each.pace for each in REPS])[rep]
    took = usual * pace[:, None] * dice.lognormal(0.0, STAGE_SPREAD, (count, steps))
    forgotten = dice.random(count) < FORGOTTEN
    silent = np.array([each.silent for each in REPS])[rep] & (created > world.last - SILENT_DAYS)
    took[:, -1] += np.where(forgotten, FORGOTTEN_DAYS, 0)
    took[:, 0] += np.where(silent, FORGOTTEN_DAYS, 0)
    spans = np.maximum(1, np.round(took)).astype(np.int64)
    stages = 1 + went[:, 0].astype(np.int64) + (went[:, 0] & went[:, 1])
    entered = created[:, None] + np.cumsum(spans, axis=1)
    found["stage_1"], found["stage_2"] = entered[:, 0], entered[:, 1]
    found["stages"] = stages
    found["won"] = went.all(axis=1)
    last_entered = np.where(stages == 1, created, entered[np.arange(count), stages - 2])
    closed = entered[np.arange(count), stages - 1]
    found["closed"] = _pulled(dice, closed, last_entered, found["won"].to_numpy())


def _pulled(dice: np.random.Generator, closed: Days, entered: Days, won: Days) -> Days:
    """Reps pull what would be won just after a quarter's end into its last days."""
    start = seasons.quarter_start(closed)
    early = start - 1 - dice.integers(0, PULLED_INTO_DAYS, len(closed))
    pulls = won & (dice.random(len(closed)) < PULLED) & (closed - start < PULLED_FROM_DAYS)
    return np.where(pulls & (early > entered), early, closed)
