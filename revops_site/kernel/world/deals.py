"""What became of every opportunity: whose it was, what it was worth, when it moved and ended."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revops_site.kernel.world import cast, outcomes, returning, seasons, terms
from revops_site.kernel.world.company import (
    GEO_WEIGHTS,
    OUTBOUND,
    REGION_OF_GEO,
    SEGMENTS,
)
from revops_site.kernel.world.frame import Days, Numbers, World, number
from revops_site.kernel.world.leads import NEVER, leads, lines

OUTBOUND_A_WEEKDAY = 0.85
PROJECTS_GROW = 2.0  # times the share of projects among the larger deals


@lru_cache(maxsize=2)
def deals(world: World) -> pd.DataFrame:
    """One row per deal created by ``as_of``, in the order of creation, the prologue's included.

    Columns: line and lead (places; -1 where a rep dug it up), channel, geo, segment (a code),
    rep (a place in ``cast.reps``), amount (money, in currency), created, pipeline (a place in
    ``process.PIPELINES``), told (whether it was open at some time since the files begin), deal_id
    (empty where not told), account (a place in ``accounts``; -1 where not told); further those of
    ``outcomes`` and of ``terms``. Days after ``as_of`` are the future: readers cut them off.
    """
    found = pd.concat([_inbound(world), _outbound(world)], ignore_index=True)
    found = found[found["created"] <= world.last]
    found = found.sort_values("created", kind="stable", ignore_index=True)
    segment = found["segment"].to_numpy()
    rep = assigned(world, "reps", found["geo"], found["created"].to_numpy())
    found["rep"] = rep
    found["amount"] = _amounts(world, segment, rep)
    shares = np.array([each.projects for each in SEGMENTS])[segment]
    grown = found["created"].to_numpy() >= number(world.projects_grow)
    shares = shares * np.where(grown, PROJECTS_GROW, 1.0)
    found["pipeline"] = (world.dice("projects").random(len(found)) < shares).astype(np.int64)
    outcomes.add(world, found)
    told = (found["closed"] >= world.first).to_numpy()
    found["told"] = told
    found["deal_id"] = ""
    found.loc[told, "deal_id"] = world.ids("DEAL", np.arange(1, told.sum() + 1))
    found["account"] = returning.accounts(world, found)
    terms.add(world, found)
    return found


def _inbound(world: World) -> pd.DataFrame:
    people = leads(world)
    people = people[people["opportunity"] < NEVER]
    table = lines(world).iloc[people["line"]]
    return pd.DataFrame(
        {
            "line": people["line"].to_numpy(),
            "lead": people.index.to_numpy(),
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
    created = np.repeat(days, dice.poisson(OUTBOUND_A_WEEKDAY * world.scale.deals * rate))
    geos = np.array(list(GEO_WEIGHTS), dtype=object)
    weights = np.array(list(GEO_WEIGHTS.values()))
    shares = np.array([segment.outbound for segment in SEGMENTS])
    return pd.DataFrame(
        {
            "line": -1,
            "lead": -1,
            "channel": OUTBOUND,
            "geo": dice.choice(geos, len(created), p=weights / weights.sum()),
            "segment": dice.choice(len(SEGMENTS), len(created), p=shares / shares.sum()),
            "winning": 1.0,
            "created": created,
        }
    )


def assigned(world: World, topic: str, geo: pd.Series[str], created: Days) -> Days:
    """The rep of each row: of the geo's region, by load, among those who have started."""
    lots = world.dice(topic).random(len(created))
    regions = geo.map(REGION_OF_GEO).to_numpy()
    reps = cast.reps(world)
    loads = np.array([[rep.load] * len(created) for rep in reps])
    for place, rep in enumerate(reps):
        loads[place, regions != rep.region] = 0.0
        start = cast.started(world, rep)
        if start is not None:
            loads[place, created < start] = 0.0
    reach = np.cumsum(loads, axis=0)
    passed: Days = (lots * reach[-1] >= reach).sum(axis=0)
    return passed


def _amounts(world: World, segment: Days, rep: Days) -> Numbers:
    """Log-normal around the segment's usual amount, to the ten; discounts are the rep's."""
    usual = np.array([each.amount for each in SEGMENTS])[segment]
    spread = np.array([each.spread for each in SEGMENTS])[segment]
    price = np.array([each.price for each in cast.reps(world)])[rep]
    noise = world.dice("amounts").normal(0.0, 1.0, len(segment))
    amounts: Numbers = np.round(usual * price * np.exp(noise * spread), -1)
    return amounts
