"""Through which stages deals went, when: from it follow visits, status events and the last change.

Some deals go back a stage and come again, a few are decided twice.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.samples.told import DAY, during, entered, moments, picked, stage_names, told
from revops_site.kernel.world import World
from revops_site.kernel.world.frame import Days, Flags
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import office_seconds
from revops_site.kernel.world.process import COMMERCIAL, PIPELINES, SELLING

GOES_BACK = 0.07
SHORTEST_DETOUR = 16
REOPENED = 0.03  # of the deals that were long enough in their last stage
SHORTEST_REOPENED = 45
OPEN, WON, LOST = 0, 1, 2
STATUSES = ["open", "won", "lost"]
ENDS = np.array([len(each.stages) - 2 for each in PIPELINES])  # the place of Closed_Won in each


@lru_cache(maxsize=1)
def moves(world: World) -> pd.DataFrame:
    """One row each time a deal enters a stage or is decided, by deal and time.

    Columns: deal (a place in ``told``), stage (a place in its pipeline's stages), status (a place
    in ``STATUSES``), day, at (seconds since 1970, each later than the one before).
    """
    days = entered(world)
    deal, stage = np.nonzero(days < NEVER)
    found = told(world)
    ended = np.flatnonzero(found["decided"])
    frames = [
        _rows(deal, stage, days[deal, stage]),
        _rows(ended, found["stage"].to_numpy()[ended], found["closed"].to_numpy()[ended]),
        *_detours(world, days),
    ]
    table = pd.concat(frames, ignore_index=True)
    order = np.lexsort((table["stage"], table["day"], table["deal"]))
    table = table.iloc[order].reset_index(drop=True)
    past_end = table["stage"] - ENDS[found["pipeline"].to_numpy()[table["deal"]]]
    table["status"] = np.select([past_end == 0, past_end == 1], [WON, LOST], OPEN)
    table["at"] = _moments(world, table)
    return table


def stage_history(world: World) -> pd.DataFrame:
    """One row per visit of a deal to a stage; the stage that an open deal is in has no exit."""
    table, found = moves(world), told(world)
    deal, at = table["deal"].to_numpy(), table["at"].to_numpy()
    left = np.append(np.where(deal[1:] == deal[:-1], at[1:], -1), -1)
    inside = table["status"].to_numpy() == OPEN
    deal = deal[inside]
    pipeline = found["pipeline"].to_numpy()[deal]
    names, starts = stage_names()
    return pd.DataFrame(
        {
            "deal_id": found["deal_id"].to_numpy(dtype=object)[deal],
            "pipeline_id": picked([each.id for each in PIPELINES], pipeline),
            "stage_name": names[starts[pipeline] + table["stage"].to_numpy()[inside]],
            "entered_at": moments(at[inside]),
            "exited_at": moments(left[inside]),
        }
    )


def status_events(world: World) -> pd.DataFrame:
    """One row each time that a deal was opened, won or lost; some were opened again."""
    table = moves(world)
    deal, status = table["deal"].to_numpy(), table["status"].to_numpy()
    changed = np.append(True, (deal[1:] != deal[:-1]) | (status[1:] != status[:-1]))
    return pd.DataFrame(
        {
            "deal_id": told(world)["deal_id"].to_numpy(dtype=object)[deal[changed]],
            "at": moments(table["at"].to_numpy()[changed]),
            "status": picked(STATUSES, status[changed]),
        }
    )


def _rows(deal: Days, stage: Days, day: Days) -> pd.DataFrame:
    return pd.DataFrame({"deal": deal, "stage": stage, "day": day})


def _detours(world: World, days: Days) -> list[pd.DataFrame]:
    """The moves of deals that went back a stage, or were decided and opened again.

    They lie within a completed stay in a stage, so that the stage a deal is in stays the same.
    """
    dice, found = world.dice("detours"), told(world)
    closed = np.where(found["decided"], found["closed"], NEVER)
    after = np.column_stack([days[:, 1:SELLING], np.where(days[:, 3] < NEVER, days[:, 3], closed)])
    frames = []
    free = np.ones(len(found), dtype=bool)
    for stage in range(SELLING - 1, 0, -1):
        left = np.where(after[:, stage] < NEVER, after[:, stage], closed)
        here = free & _long_enough(days[:, stage], left, SHORTEST_DETOUR)
        here &= dice.random(len(found)) < GOES_BACK
        free &= ~here
        frames += _away(dice, here, days[:, stage], left, np.full(len(found), stage - 1), stage)
    here = free & (found["pipeline"] == COMMERCIAL).to_numpy() & found["decided"].to_numpy()
    here &= _long_enough(days[:, SELLING - 1], closed, SHORTEST_REOPENED)
    here &= dice.random(len(found)) < REOPENED
    # Who was won before was lost later, and the other way about; C15 counts the later one.
    first = ENDS[COMMERCIAL] + found["won"].to_numpy()
    return frames + _away(dice, here, days[:, SELLING - 1], closed, first, SELLING - 1)


def _long_enough(came: Days, left: Days, least: int) -> Flags:
    return (came < NEVER) & (left < NEVER) & (left - came >= least)


def _away(
    dice: np.random.Generator, here: Flags, came: Days, left: Days, to: Days, back: int
) -> list[pd.DataFrame]:
    """Two moves within each stay: away after a third of it, and back after two thirds."""
    deal = np.flatnonzero(here)
    came, span = came[deal], (left - came)[deal]
    gone = during(dice, came + span // 4, came + span // 2 - 3)
    again = during(dice, came + span // 2 + 1, came + 3 * span // 4)
    return [_rows(deal, to[deal], gone), _rows(deal, np.full(len(deal), back), again)]


def _moments(world: World, table: pd.DataFrame) -> Days:
    """Within office hours, and each move later than the one before it, if both are of a day."""
    deal, day = table["deal"].to_numpy(), table["day"].to_numpy()
    geo = told(world)["geo"].to_numpy(dtype=object)[deal]
    second = office_seconds(world.dice("moves"), geo)
    second = second[np.lexsort((second, day, deal))]
    same = np.append(False, (deal[1:] == deal[:-1]) & (day[1:] == day[:-1]))
    place = np.arange(len(table))
    first = np.maximum.accumulate(np.where(same, 0, place))
    at: Days = day * DAY + second + (place - first)
    return at
