"""How deals end: every one walks through the stages, and some are carried out as projects."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import cast, seasons
from revops_site.kernel.world.company import SEGMENTS
from revops_site.kernel.world.frame import Days, Flags, Numbers, World, number
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import before_weekend, workdays
from revops_site.kernel.world.process import EXECUTION, PROJECTS, SELLING

FORGOTTEN = 0.05
FORGOTTEN_DAYS = 240
SILENT_DAYS = 150
STAGE_SPREAD = 0.5
BEST_CHANCE = 0.97
PULLED = 0.6
PULLED_FROM_DAYS = 12
PULLED_INTO_DAYS = 5
ENT = 2
LEGAL_DAYS = 45.0
EXECUTION_SPREAD = 0.6
UNIDENTIFIED = 0.7  # of the orders since they pile up: nobody knows yet who will use the goods
UNIDENTIFIED_DAYS = 230
SLOW = 2.5  # times that each later step of an order takes since orders pile up
PAYMENT_DAYS = (30, 61)


def add(world: World, found: pd.DataFrame) -> None:
    """Walk all deals through the stages at once and write down the days and the end.

    Adds stage_1, stage_2 (numbered days of entering the second and the third stage), stages (how
    many of the three it enters), ordered (the day the customer says yes), closed (the day it
    ends), won, identified (whether an order's end user is known at once), invoiced and paid
    (projects only). A project is won with its invoice. Days that never come are ``NEVER``.
    """
    dice = world.dice("outcomes")
    count = len(found)
    segment = found["segment"].to_numpy()
    lots = dice.random((count, SELLING))
    entered = _entered(world, found, dice)
    left = entered[:, 1:]
    odds = found.pop("winning").to_numpy()[:, None] * _winning(world, found["rep"].to_numpy(), left)
    chances = np.array([each.advance for each in SEGMENTS])[segment] * np.cbrt(odds)
    went = lots < np.minimum(chances, BEST_CHANCE)
    stages = 1 + went[:, 0].astype(np.int64) + (went[:, 0] & went[:, 1])
    yes = went.all(axis=1)
    every = np.arange(count)
    ends = _pulled(dice, left[every, stages - 1], entered[every, stages - 1], yes)
    found["stage_1"], found["stage_2"] = entered[:, 1], entered[:, 2]
    found["stages"] = stages
    found["ordered"] = np.where(yes, ends, NEVER)
    project = yes & (found["pipeline"] == PROJECTS).to_numpy()
    found["identified"] = _identified(world, found["ordered"].to_numpy())
    steps = execution(world, found)
    found["closed"] = np.where(project, steps[:, -1], ends)
    found["won"] = yes
    found["invoiced"] = np.where(project, steps[:, -1], NEVER)
    wait = world.dice("payment").integers(*PAYMENT_DAYS, count)
    found["paid"] = np.where(project, workdays(steps[:, -1] + wait), NEVER)


def execution(world: World, found: pd.DataFrame) -> Days:
    """The day on which each deal enters each stage of ``EXECUTION``, and that of its invoice.

    Shape: deals by stages and one more; ``NEVER`` for what is not an ordered project.
    """
    dice = world.dice("execution")
    noise = dice.lognormal(
        -(EXECUTION_SPREAD**2) / 2, EXECUTION_SPREAD, (len(found), len(EXECUTION))
    )
    took = noise * np.array([stage.pace for stage in EXECUTION])
    ordered = found["ordered"].to_numpy()
    took[:, 1:] *= np.where(ordered >= number(world.orders_pile_up), SLOW, 1.0)[:, None]
    took[:, 0] += np.where(found["identified"], 0, UNIDENTIFIED_DAYS)
    spans = np.maximum(1, np.round(took)).astype(np.int64)
    days = workdays(ordered[:, None] + np.cumsum(spans, axis=1))
    project = (ordered < NEVER) & (found["pipeline"] == PROJECTS).to_numpy()
    return np.where(project[:, None], np.column_stack([ordered, days]), NEVER)


def _entered(world: World, found: pd.DataFrame, dice: np.random.Generator) -> Days:
    """The days of entering each selling stage and, last, of leaving the third."""
    created, segment = found["created"].to_numpy(), found["segment"].to_numpy()
    reps, rep = cast.reps(world), found["rep"].to_numpy()
    usual = np.array([each.pace for each in SEGMENTS])[segment]
    pace = np.array([each.pace for each in reps])[rep]
    took = usual * pace[:, None] * dice.lognormal(0.0, STAGE_SPREAD, (len(found), SELLING))
    forgotten = dice.random(len(found)) < FORGOTTEN
    silent = np.array([each.silent for each in reps])[rep] & (created > world.last - SILENT_DAYS)
    took[:, -1] += np.where(forgotten, FORGOTTEN_DAYS, 0)
    took[:, 0] += np.where(silent, FORGOTTEN_DAYS, 0)
    spans = np.maximum(1, np.round(took)).astype(np.int64)
    at_lawyers = created + spans[:, 0] + spans[:, 1]
    first, end = (number(day) for day in world.legal_bottleneck)
    stuck = (segment == ENT) & (at_lawyers >= first) & (at_lawyers < end)
    spans[:, 2] += np.where(
        stuck, np.round(LEGAL_DAYS * dice.uniform(0.6, 1.4, len(found))), 0
    ).astype(np.int64)
    return np.column_stack([created, workdays(created[:, None] + np.cumsum(spans, axis=1))])


def _winning(world: World, rep: Days, left: Days) -> Numbers:
    """How much better than usual the rep is on the day that each stage is left."""
    reps = cast.reps(world)
    usual = np.array([each.winning for each in reps])[rep]
    coached = np.array([each.coached for each in reps])[rep]
    after = left >= number(world.coaching)
    skill: Numbers = usual[:, None] * np.where(after, coached[:, None], 1.0)
    return skill


def _identified(world: World, ordered: Days) -> Flags:
    """Whether one knows from the start who the end user of an order is."""
    late = ordered >= number(world.orders_pile_up)
    known: Flags = ~(late & (world.dice("end users").random(len(ordered)) < UNIDENTIFIED))
    return known


def _pulled(dice: np.random.Generator, closed: Days, entered: Days, won: Flags) -> Days:
    """Reps pull what would be won just after a quarter's end into its last days."""
    start = seasons.quarter_start(closed)
    early = before_weekend(start - 1 - dice.integers(0, PULLED_INTO_DAYS, len(closed)))
    pulls = won & (dice.random(len(closed)) < PULLED) & (closed - start < PULLED_FROM_DAYS)
    return np.where(pulls & (early > entered), early, closed)
