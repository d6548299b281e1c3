"""Pretend deals: every deal that was open at some time since the files begin, as it stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import World
from revops_site.kernel.world.company import LOST, OPEN_STAGES, REPS, SEGMENTS, WON
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.frame import Days, Flags, dates
from revops_site.kernel.world.names import account

PROBABILITY = (0.25, 0.45, 0.75)
PROBABILITY_NOISE = 0.025
OVERDUE = 0.12
OVERDUE_DAYS, AHEAD_DAYS = 45, 100


def pipeline_deals(world: World) -> pd.DataFrame:
    """One row per deal, in the order of creation; amounts in money, probability from 0 to 1.

    Deals that were decided before the files begin are left out. ``expected_close`` of a decided
    deal is the day it was decided; that of an open deal lies ahead, but for a few overdue ones.
    """
    found = deals(world)
    found = found[found["closed"] >= world.first].reset_index(drop=True)
    decided = found["closed"].to_numpy() <= world.last
    won = decided & found["won"].to_numpy()
    stage = _stage(world, found)
    moved = np.select(
        [decided, stage == 2, stage == 1],
        [found["closed"], found["stage_2"], found["stage_1"]],
        found["created"],
    )
    dice = world.dice("pipeline_deals")
    belief = np.array(PROBABILITY)[stage] + dice.normal(0.0, PROBABILITY_NOISE, len(found))
    probability = np.where(decided, won.astype(np.float64), belief).round(3)
    close = np.where(
        decided, found["closed"], _expected(world, dice, stage, found["created"].to_numpy())
    )
    status = np.select([won, decided], [WON, LOST], "Open")
    frame = pd.DataFrame(
        {
            "deal_id": [f"DEAL_{place:05d}" for place in range(1, len(found) + 1)],
            "account": [account(world, place) for place in range(len(found))],
            "segment": np.array([segment.code for segment in SEGMENTS])[found["segment"]],
            "owner": np.array([rep.name for rep in REPS])[found["rep"]],
            "stage": np.where(decided, status, np.array(OPEN_STAGES)[stage]),
            "amount": found["amount"],
            "created_at": dates(found["created"].to_numpy()),
            "expected_close": dates(close),
            "last_stage_change": dates(moved),
            "days_in_stage": world.last - moved,
            "probability": probability,
        }
    )
    frame["expected_value"] = (frame["amount"] * frame["probability"]).round(2)
    frame["status"] = status
    frame["source_channel"] = found["channel"]
    return frame


def _stage(world: World, found: pd.DataFrame) -> Days:
    """Which of the open stages each deal is in, or was in last: 0, 1 or 2."""
    stages = found["stages"].to_numpy()
    at_demo = (stages > 1) & (found["stage_1"].to_numpy() <= world.last)
    at_negotiation = (stages > 2) & (found["stage_2"].to_numpy() <= world.last)
    return at_demo.astype(np.int64) + at_negotiation


def _expected(world: World, dice: np.random.Generator, stage: Days, created: Days) -> Days:
    """When the rep says that an open deal closes: the further it is, the sooner."""
    ahead = dice.gamma(2.0, AHEAD_DAYS / 2, len(stage)) * (1.1 - 0.35 * stage)
    late: Flags = dice.random(len(stage)) < OVERDUE
    overdue = dice.integers(1, OVERDUE_DAYS + 1, len(stage))
    days = np.where(late, -overdue, 3 + np.round(ahead).astype(np.int64))
    close: Days = np.maximum(created, world.last + days)
    return close
