"""When reps said that their deals would close, and how often they moved the date."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.samples.told import told
from revops_site.kernel.world import World
from revops_site.kernel.world.frame import Days, Flags
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import before_weekend, workdays
from revops_site.kernel.world.process import PIPELINES, PROJECTS, SELLING

OVERDUE = 0.12
OVERDUE_DAYS, AHEAD_DAYS = 45, 100
SOON_DAYS = 4, 20  # until the committed deal whose champion left is to close
MOST_PUSHES = 7
EARLY_DAYS, LATE_DAYS = 6, 4  # of a push, around the day that cannot be kept
PULLED_IN, PULLED_DAYS = 0.14, (10, 60)
WRONG = 0.7  # of the decided deals: the day that was named last is not the one it came to
WRONG_DAYS = 40


@lru_cache(maxsize=1)
def expected(world: World) -> Days:
    """The day on which each deal of ``told`` is to close; of a decided one, when it did."""
    found = told(world)
    dice = world.dice("expected")
    closed, stage = found["closed"].to_numpy(), np.minimum(found["stage"].to_numpy(), SELLING)
    ahead = dice.gamma(2.0, AHEAD_DAYS / 2, len(stage)) * (1.1 - 0.35 * np.minimum(stage, 2))
    ahead = np.where(stage == SELLING, _until_invoice(world, found), ahead)
    late = dice.random(len(stage)) < OVERDUE
    overdue = dice.integers(1, OVERDUE_DAYS + 1, len(stage))
    soon = dice.integers(*SOON_DAYS, len(stage))
    days = np.select(
        [found["champion_left"], late], [soon, -overdue], 3 + np.round(ahead).astype(np.int64)
    )
    close = np.maximum(found["created"].to_numpy() + 1, workdays(world.last + days))
    return np.where(found["decided"], closed, close)


@lru_cache(maxsize=1)
def redated(world: World) -> pd.DataFrame:
    """One row per change of a close date, by deal and time.

    Columns: deal (a place in ``told``), day (of the change), old, new (numbered days), final
    (whether it is the one that being decided brings). ``new`` of the last one is ``expected``.
    """
    found = told(world)
    dice = world.dice("redated")
    created, until = found["created"].to_numpy(), found["until"].to_numpy()
    last_named = _last_named(dice, found, expected(world))
    due, moved = _missed(dice, found, last_named)
    pushes = due < NEVER
    due = np.column_stack([due, last_named])
    # Where a push was left out, the date before it is that of the next one that was not.
    following = np.minimum.accumulate(due[:, ::-1], axis=1)[:, ::-1]
    deal, column = np.nonzero(pushes)
    first = following[:, 0]
    pulled = (dice.random(len(found)) < PULLED_IN) & (until - created > 3)
    earlier = dice.integers(*PULLED_DAYS, len(found))
    begin = np.where(pushes.any(axis=1), np.where(pushes, moved, NEVER).min(axis=1), until)
    day_pulled = workdays(created + 1 + np.maximum(0, begin - created - 2) // 2)
    pulled &= day_pulled < begin
    ends = found["decided"].to_numpy() & (last_named != expected(world))
    frames = [
        _rows(deal, moved[deal, column], due[deal, column], following[deal, column + 1]),
        _rows(np.flatnonzero(pulled), day_pulled[pulled], (first + earlier)[pulled], first[pulled]),
        _rows(
            np.flatnonzero(ends),
            found["closed"].to_numpy()[ends],
            last_named[ends],
            expected(world)[ends],
            final=True,
        ),
    ]
    table = pd.concat(frames, ignore_index=True)
    order = np.lexsort((table["final"], table["day"], table["deal"]))
    return table.iloc[order].reset_index(drop=True)


def _rows(deal: Days, day: Days, old: Days, new: Days, final: bool = False) -> pd.DataFrame:
    return pd.DataFrame({"deal": deal, "day": day, "old": old, "new": new, "final": final})


def _until_invoice(world: World, found: pd.DataFrame) -> Days:
    """Of orders that are carried out: what is left of the usual days until the invoice."""
    usual = np.array([stage.days_to_invoice or 0 for stage in PIPELINES[PROJECTS].stages])
    stage = np.minimum(found["stage"].to_numpy(), len(usual) - 1)
    left: Days = np.maximum(0, usual[stage] - (world.last - found["entered"].to_numpy()))
    return left


def _last_named(dice: np.random.Generator, found: pd.DataFrame, close: Days) -> Days:
    """The date before the deal was decided: often a later day, so that it is pulled in."""
    wrong = found["decided"].to_numpy() & (dice.random(len(found)) < WRONG)
    later = workdays(close + dice.integers(1, WRONG_DAYS, len(found)))
    return np.where(wrong, later, close)


def _missed(dice: np.random.Generator, found: pd.DataFrame, last: Days) -> tuple[Days, Days]:
    """The dates that could not be kept and the days on which they were moved.

    Both: deals by ``MOST_PUSHES``; ``NEVER`` for what is no move to a later month. The dates lie
    at about even distances within the deal's life, each in an earlier month than the next one.
    """
    count = len(found)
    created, until = found["created"].to_numpy(), found["until"].to_numpy()
    pushes = np.minimum(found["pushes"].to_numpy(), MOST_PUSHES)
    columns = np.arange(MOST_PUSHES)
    lots = dice.random((count, MOST_PUSHES))
    part = (columns + 0.5 + 0.7 * lots) / (pushes[:, None] + 0.7)
    span = np.maximum(0, until - created)
    due = workdays(created[:, None] + 1 + np.round(part * span[:, None]).astype(np.int64))
    shift = dice.integers(-EARLY_DAYS, LATE_DAYS, (count, MOST_PUSHES))
    moved = before_weekend(due + shift)
    following, latest = last, until + 1
    for column in reversed(columns):
        kept: Flags = (column < pushes) & (_month(due[:, column]) < _month(following))
        kept &= (moved[:, column] > created + 1) & (moved[:, column] < latest)
        following = np.where(kept, due[:, column], following)
        latest = np.where(kept, moved[:, column], latest)
        due[:, column] = np.where(kept, due[:, column], NEVER)
    return due, moved


def _month(days: Days) -> Days:
    months: Days = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months
