"""What reps did for their deals and have planned: calls, mails, meetings, demos and tasks."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.samples.habits import BEST_HOURS, best_hour, busy, offices
from pipeline.samples.told import DAY, entered, moments, picked, told
from revops_site.kernel.world import World, cast
from revops_site.kernel.world.frame import Days, dates, number
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import office_seconds, workdays
from revops_site.kernel.world.process import SELLING

TYPES = ["call", "email", "meeting", "demo", "task"]
CALL, EMAIL, MEETING, DEMO, TASK = range(len(TYPES))
DIRECTIONS = ["outbound", "inbound", "two_way"]
OUT, IN, BOTH = range(len(DIRECTIONS))
# The share of each type while a deal is in its first, second, third stage and carried out.
MIX = np.array(
    (
        (0.44, 0.35, 0.11, 0.02, 0.08),
        (0.30, 0.32, 0.12, 0.17, 0.09),
        (0.30, 0.38, 0.18, 0.03, 0.11),
        (0.22, 0.40, 0.20, 0.00, 0.18),
    )
)
# The share of outbound and inbound, the rest being both ways, of each type.
WAYS = np.array(((0.80, 0.12), (0.56, 0.32), (0.0, 0.0), (0.0, 0.0), (1.0, 0.0)))
SUBJECTS = [
    *("Introduction", "Follow-up", "Checking in", "Pricing question", "Next steps"),
    *("Questions after the demo", "Offer", "Contract draft", "References", "Requirements"),
    *("Discovery meeting", "Technical review", "Security review", "Negotiation", "Project review"),
    *("Product demo", "Demo for the team", "Proof of concept", "Demo of the reports", "Deep dive"),
    *("Prepare the offer", "Update the plan", "Send the documents", "Ask legal", "Prepare a demo"),
    *("First call", "Cold call", "Call after the event", "Call back", "Short call"),
]
OF_TYPE = np.array((0, 5, 10, 15, 20))  # where the five subjects of each type begin
COLD = 25
AS_USUAL = 0.57  # of the days of a life are as busy as the best
ANSWERED, ANSWERED_BEST = 0.27, 0.68
LONGER = 0.6  # the power by which a longer life holds more activities
DARK, DARK_DAYS = 0.13, (22, 80)
STUCK_DAYS, STUCK_QUIET = 110, (25, 60)
NEXT_STEP, SECOND_STEP, FORGOTTEN = 0.66, 0.15, 0.07
STEP_DAYS, FORGOTTEN_DAYS = (1, 19), (1, 16)
LONG_AGO = 42
PROSPECTING = 0.22  # calls and mails a day that are for no deal


@lru_cache(maxsize=1)
def work(world: World) -> pd.DataFrame:
    """One row per activity, in the order of time, planned ones at the end.

    Columns: deal (a place in ``told``, -1 for none), rep (a place in ``cast.reps``), day (done or
    due), second (of the day, done), type, way, subject (places), done, answered (1, 0, -1 where it
    is no call that was done), whom (which of the deal's contacts, -1 for none).
    """
    frames = [_of_deals(world), _prospecting(world), _planned(world)]
    table = pd.concat(frames, ignore_index=True)
    order = np.lexsort((table["second"], table["day"], ~table["done"]))
    return table.iloc[order].reset_index(drop=True)


def activities(world: World) -> pd.DataFrame:
    """One row per activity; what is planned has no moment at which it was done."""
    table, found = work(world), told(world)
    deal, day = table["deal"].to_numpy(), table["day"].to_numpy()
    done = table["done"].to_numpy()
    at = np.where(done, day * DAY + table["second"].to_numpy(), -1)
    contacts = np.cumsum(found["contacts"].to_numpy()) - found["contacts"].to_numpy()
    people = world.ids("CON", np.arange(1, int(found["contacts"].sum()) + 1))
    whom = np.where(table["whom"] >= 0, contacts[deal] + table["whom"], -1)
    return pd.DataFrame(
        {
            "activity_id": world.ids("ACT", np.arange(1, len(table) + 1)),
            "deal_id": np.append(found["deal_id"].to_numpy(dtype=object), "")[deal],
            "rep_id": picked(cast.rep_ids(world), table["rep"].to_numpy()),
            "contact_id": np.append(people, "")[whom],
            "type": picked(TYPES, table["type"].to_numpy()),
            "direction": picked(DIRECTIONS, table["way"].to_numpy()),
            "subject": picked(SUBJECTS, table["subject"].to_numpy()),
            "due_date": dates(day),
            "done_at": moments(at),
            "is_done": done,
            "is_answered": picked(["False", "True"], table["answered"].to_numpy()),
        }
    )


@lru_cache(maxsize=1)
def quiet(world: World) -> Days:
    """The last day on which anything is done for each deal of ``told``.

    Some open deals go dark, most of those that are stuck do; so do all of a silent rep.
    """
    found = told(world)
    dice = world.dice("quiet")
    until, stage = found["until"].to_numpy(), found["entered"].to_numpy()
    lots = dice.random(len(found))
    long_stuck = stage < world.last - STUCK_DAYS
    dark = ~found["decided"].to_numpy() & (lots < np.where(long_stuck, 0.75, DARK))
    dark &= (found["stage"] < SELLING).to_numpy() & ~found["champion_left"].to_numpy()
    since = np.where(
        long_stuck,
        stage + dice.integers(*STUCK_QUIET, len(found)),
        world.last - dice.integers(*DARK_DAYS, len(found)),
    )
    last = np.where(dark, np.minimum(until, since), until)
    silent = np.array([rep.silent for rep in cast.reps(world)])[found["rep"]]
    return np.where(silent, np.minimum(last, number(world.dark) - 1), last)


def _of_deals(world: World) -> pd.DataFrame:
    """What was done: more on the rep's good days, nothing on days on which nobody works."""
    found = told(world)
    dice = world.dice("activities")
    first, last = found["created"].to_numpy() + 1, quiet(world)
    life = np.maximum(0, last - first + 1)
    reps = cast.reps(world)
    effort = np.array([rep.effort for rep in reps])[found["rep"]]
    weight = effort * life**LONGER * found["contacts"].to_numpy() ** 0.25
    rate = world.scale.activities * weight / weight.mean() / AS_USUAL
    deal = np.repeat(np.arange(len(found)), dice.poisson(rate))
    day = first[deal] + np.floor(dice.random(len(deal)) * life[deal]).astype(np.int64)
    before = (day < found["handed"].to_numpy()[deal]) & (found["handed"].to_numpy()[deal] < NEVER)
    rep = np.where(before, found["first_rep"].to_numpy()[deal], found["rep"].to_numpy()[deal])
    took = dice.random(len(deal)) < busy(world, rep, day)
    deal, day, rep = deal[took], day[took], rep[took]
    geo = found["geo"].to_numpy(dtype=object)[deal]
    came = entered(world)[:, : SELLING + 1]
    stage = (came[deal] <= day[:, None]).sum(axis=1) - 1
    second = office_seconds(dice, geo)
    kind = _kinds(dice, stage)
    whom = np.floor(dice.random(len(deal)) * found["contacts"].to_numpy()[deal]).astype(np.int64)
    gone = found["champion_left"].to_numpy()[deal] & (day > world.last - LONG_AGO) & (whom == 0)
    return _rows(world, dice, deal, rep, day, second, kind, np.where(gone, 1, whom))


def _prospecting(world: World) -> pd.DataFrame:
    """What reps do before there is a deal."""
    dice = world.dice("prospecting")
    reps = cast.reps(world)
    days = np.arange(world.first, world.last + 1)
    day = np.tile(days, len(reps))
    rep = np.repeat(np.arange(len(reps)), len(days))
    start = np.array([cast.started(world, each) or 0 for each in reps])[rep]
    effort = np.array([each.effort for each in reps])[rep]
    rate = PROSPECTING * effort * busy(world, rep, day) * (day >= start)
    count = dice.poisson(rate)
    rep, day = np.repeat(rep, count), np.repeat(day, count)
    kind = np.where(dice.random(len(rep)) < 0.6, CALL, EMAIL)
    second = office_seconds(dice, offices(world)[rep])
    none = np.full(len(rep), -1)
    table = _rows(world, dice, none, rep, day, second, kind, none)
    table["way"] = OUT
    table["subject"] = np.where(kind == CALL, COLD + table["subject"] % 5, 0)
    return table


def _planned(world: World) -> pd.DataFrame:
    """The next steps of open deals that are alive; of some the day has passed."""
    found = told(world)
    dice = world.dice("planned")
    alive = ~found["decided"].to_numpy() & (quiet(world) == world.last)
    lots = dice.random((2, len(found)))
    first = np.flatnonzero(alive & (lots[0] < NEXT_STEP))
    second = np.flatnonzero(alive & (lots[0] < NEXT_STEP) & (lots[1] < SECOND_STEP))
    missed = np.flatnonzero(alive & (lots[0] > 1 - FORGOTTEN))
    ahead = np.concatenate([first, second])
    due = world.last + dice.integers(*STEP_DAYS, len(ahead))
    past = world.last - dice.integers(*FORGOTTEN_DAYS, len(missed))
    deal = np.concatenate([ahead, missed])
    day = np.concatenate([workdays(due), past])
    stage = np.minimum(found["stage"].to_numpy()[deal], SELLING)
    kind = _kinds(dice, stage)
    rep = found["rep"].to_numpy()[deal]
    table = _rows(world, dice, deal, rep, day, np.zeros_like(day), kind, np.zeros_like(day))
    table["done"], table["answered"] = False, -1
    table["way"] = np.where(table["way"] == IN, OUT, table["way"])
    return table


def _rows(
    world: World,
    dice: np.random.Generator,
    deal: Days,
    rep: Days,
    day: Days,
    second: Days,
    kind: Days,
    whom: Days,
) -> pd.DataFrame:
    lots = dice.random((3, len(deal)))
    out, into = WAYS[kind, 0], WAYS[kind, 0] + WAYS[kind, 1]
    way = np.select([lots[0] < out, lots[0] < into], [OUT, IN], BOTH)
    best = best_hour(world)[rep]
    hour = second // 3600
    inside = (hour >= best) & (hour < best + BEST_HOURS)
    reached = (lots[1] < np.where(inside, ANSWERED_BEST, ANSWERED)) | (way != OUT)
    return pd.DataFrame(
        {
            "deal": deal,
            "rep": rep,
            "day": day,
            "second": second,
            "type": kind,
            "way": way,
            "subject": OF_TYPE[kind] + np.floor(lots[2] * 5).astype(np.int64),
            "done": True,
            "answered": np.where(kind == CALL, reached.astype(np.int64), -1),
            "whom": np.where(kind == TASK, -1, whom),
        }
    )


def _kinds(dice: np.random.Generator, stage: Days) -> Days:
    reach = np.cumsum(MIX, axis=1)[np.minimum(stage, SELLING)]
    kinds: Days = (dice.random(len(stage))[:, None] >= reach[:, :-1]).sum(axis=1)
    return kinds
