"""What was changed in deals: stages, dates, amounts, discounts, forecast categories, owners."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.samples.closing import redated
from pipeline.samples.moves import moves
from pipeline.samples.told import (
    DAY,
    day_texts,
    during,
    entered,
    moments,
    number_texts,
    picked,
    stage_names,
    told,
)
from revops_site.kernel.world import World, cast
from revops_site.kernel.world.frame import Days, Flags, Numbers
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import office_seconds
from revops_site.kernel.world.process import PROJECTS, SELLING
from revops_site.kernel.world.terms import CATEGORIES

FIELDS = ["stage_name", "close_date", "amount", "discount_pct", "forecast_category", "owner_id"]
STAGE, CLOSE, AMOUNT, DISCOUNT, CATEGORY, OWNER = range(len(FIELDS))
SOURCE = "file"
GIVEN_LATE = 0.7  # of the discounts: given in negotiation, off the amount that was there before
NEGOTIATED_DAYS = 25
ESTIMATED = 0.2  # of the deals: the first amount was a guess
GUESS = 0.82, 1.28
CUT = 0.06  # of the deals in negotiation: their amount has lately been cut
CUT_DAYS, CUT_TO = 26, (0.6, 0.79)
PIPELINE, BEST, COMMIT, CLOSED = range(4)
HOPED = 0.12  # of the deals that are back at Pipeline: they were at Best Case for a time
CALLED = (0.1, 0.6, 0.75), (0.02, 0.06, 0.4)  # best case and commit, by stage, of decided deals


@lru_cache(maxsize=1)
def changed(world: World) -> pd.DataFrame:
    """One row per change of a field, by deal and time.

    Columns: deal (a place in ``told``), field (a place in ``FIELDS``), at (seconds since 1970),
    old, new (texts). The newest ``new`` of a field is what the deal has now.
    """
    frames = [_stages(world), _dates(world), _amounts(world), _discounts(world)]
    table = pd.concat([*frames, _categories(world), _owners(world)], ignore_index=True)
    order = np.lexsort((table["field"], table["at"], table["deal"]))
    return table.iloc[order].reset_index(drop=True)


def deal_changes(world: World) -> pd.DataFrame:
    """One row each time that a field of a deal got another value."""
    table = changed(world)
    return pd.DataFrame(
        {
            "deal_id": told(world)["deal_id"].to_numpy(dtype=object)[table["deal"]],
            "field": picked(FIELDS, table["field"].to_numpy()),
            "old": table["old"],
            "new": table["new"],
            "changed_at": moments(table["at"].to_numpy()),
            "source": picked([SOURCE], np.zeros(len(table), dtype=np.int8)),
        }
    )


def _rows(deal: Days, field: int, at: Days, old: object, new: object) -> pd.DataFrame:
    return pd.DataFrame({"deal": deal, "field": field, "at": at, "old": old, "new": new})


def _at(world: World, topic: str, deal: Days, day: Days) -> Days:
    """A moment of the day in the office hours of the deal's geo."""
    geo = told(world)["geo"].to_numpy(dtype=object)[deal]
    at: Days = day * DAY + office_seconds(world.dice(f"hours of {topic}"), geo)
    return at


def _ended(world: World) -> Days:
    """The moment at which each deal was decided, -1 for those that are open."""
    table = moves(world)
    at = np.full(len(told(world)), -1, dtype=np.int64)
    at[table["deal"]] = table["at"]
    return np.where(told(world)["decided"], at, -1)


def _stages(world: World) -> pd.DataFrame:
    table = moves(world)
    deal = table["deal"].to_numpy()
    names, starts = stage_names()
    name = names[starts[told(world)["pipeline"].to_numpy()[deal]] + table["stage"].to_numpy()]
    later = np.flatnonzero(deal[1:] == deal[:-1]) + 1
    return _rows(deal[later], STAGE, table["at"].to_numpy()[later], name[later - 1], name[later])


def _dates(world: World) -> pd.DataFrame:
    table = redated(world)
    deal = table["deal"].to_numpy()
    at = _at(world, "dates", deal, table["day"].to_numpy())
    at = np.where(table["final"], _ended(world)[deal], at)
    old, new = day_texts(table["old"].to_numpy()), day_texts(table["new"].to_numpy())
    return _rows(deal, CLOSE, at, old, new)


def _late_discounts(world: World) -> tuple[Flags, Days]:
    """Which deals got their discount in negotiation, and on which day."""
    found = told(world)
    came = entered(world)[:, SELLING - 1]
    dice = world.dice("late discounts")
    until = np.minimum(found["until"].to_numpy(), found["ordered"].to_numpy())
    last = np.minimum(came + NEGOTIATED_DAYS, until)
    day = during(dice, np.minimum(came, last), last)
    given = (came < NEVER) & (last >= came) & (dice.random(len(found)) < GIVEN_LATE)
    return given & (day > found["created"].to_numpy()), day


def _discounts(world: World) -> pd.DataFrame:
    given, day = _late_discounts(world)
    deal = np.flatnonzero(given)
    share = told(world)["discount"].to_numpy()[deal]
    at = _at(world, "discounts", np.arange(len(given)), day)[deal]
    return _rows(deal, DISCOUNT, at, "0", number_texts(share))


def _amounts(world: World) -> pd.DataFrame:
    """A guess that was put right after the first stage, the discount, and cuts of late."""
    found = told(world)
    dice = world.dice("amounts before")
    amount, share = found["amount"].to_numpy(), found["discount"].to_numpy()
    came = entered(world)
    given, day = _late_discounts(world)
    full = _tens(amount / (1 - share))
    given &= full != amount
    cut = _cut(world, dice, found, came) & ~given
    before_cut = np.where(cut, _tens(amount / dice.uniform(*CUT_TO, len(found))), full)
    cut_day = during(
        dice, np.full(len(found), world.last - CUT_DAYS), np.full(len(found), world.last)
    )
    late = given | cut
    day = np.where(cut, cut_day, day)
    middle = np.where(late, before_cut, amount)
    guess = _tens(middle * dice.uniform(*GUESS, len(found)))
    put_right = dice.random(len(found)) < ESTIMATED
    put_right &= (came[:, 1] < NEVER) & (guess != middle) & (came[:, 1] < day)
    put_right &= came[:, 1] <= found["until"].to_numpy()
    first, then = np.flatnonzero(put_right), np.flatnonzero(late)
    early = _at(world, "guesses", first, came[first, 1])
    again = _at(world, "discounts", np.arange(len(late)), day)[then]
    frames = [
        _rows(first, AMOUNT, early, number_texts(guess[first]), number_texts(middle[first])),
        _rows(then, AMOUNT, again, number_texts(middle[then]), number_texts(amount[then])),
    ]
    return pd.concat(frames, ignore_index=True)


def _cut(world: World, dice: np.random.Generator, found: pd.DataFrame, came: Days) -> Flags:
    """Open deals that have been in negotiation for longer than a cut is ago."""
    there: Flags = (found["stage"].to_numpy() == SELLING - 1) & ~found["decided"].to_numpy()
    there &= came[:, SELLING - 1] < world.last - CUT_DAYS
    there &= dice.random(len(found)) < CUT
    return there


def _tens(amounts: Numbers) -> Numbers:
    return np.round(amounts, -1)


def _categories(world: World) -> pd.DataFrame:
    """From Pipeline to Best Case to Commit to Closed, as far as the deal's rep went."""
    found = told(world)
    dice = world.dice("categories")
    decided = found["decided"].to_numpy()
    now = pd.Categorical(found["category"], CATEGORIES).codes.astype(np.int64)
    reached = (entered(world)[:, :SELLING] < NEVER).sum(axis=1) - 1
    lots = dice.random((3, len(found)))
    bold = np.minimum(1.0, np.array(CALLED)[:, reached] * np.where(found["won"], 1.6, 1.0))
    ordered = found["ordered"].to_numpy() <= world.last
    ordered &= found["pipeline"].to_numpy() == PROJECTS
    commit = np.where(decided, lots[1] < bold[1], now == COMMIT) | ordered
    best = np.where(decided, lots[0] < bold[0], now == BEST) | commit
    back = ~decided & (now == PIPELINE) & (reached > 0) & (lots[2] < HOPED)
    other = ~decided & (now > CLOSED)
    steps = np.column_stack([best | back, commit | back, other, decided])
    codes = np.column_stack(
        [np.full_like(now, BEST), np.where(back, PIPELINE, COMMIT), now, np.full_like(now, CLOSED)]
    )
    at = _called(world, dice, steps)
    deal, column = np.nonzero(steps & (at >= 0))
    new = codes[deal, column]
    old = np.append(0, np.where(deal[1:] == deal[:-1], new[:-1], PIPELINE))[: len(deal)]
    names = np.array(CATEGORIES, dtype=object)
    return _rows(deal, CATEGORY, at[deal, column], names[old], names[new])


def _called(world: World, dice: np.random.Generator, steps: Flags) -> Days:
    """The moment of each step, in order; -1 where the deal was too short-lived for it."""
    found, came = told(world), entered(world)
    created, until = found["created"].to_numpy(), found["until"].to_numpy()
    start = np.where(came[:, 1] < NEVER, came[:, 1], created)
    best = during(dice, np.minimum(start + 1, until), np.minimum(start + 12, until))
    start = np.where(came[:, 2] < NEVER, np.maximum(best, came[:, 2]), best)
    commit = during(dice, np.minimum(start + 1, until), np.minimum(start + 25, until))
    days = np.column_stack([best, commit, commit])
    every = np.arange(len(found))
    at = np.column_stack([_at(world, f"call {step}", every, days[:, step]) for step in range(3)])
    at[:, 1] = np.where(days[:, 1] <= best, np.maximum(at[:, 1], at[:, 0] + 60), at[:, 1])
    at = np.where((days > created[:, None]) & (days <= until[:, None]), at, -1)
    return np.column_stack([at, _ended(world)])


def _owners(world: World) -> pd.DataFrame:
    found, ids = told(world), cast.rep_ids(world)
    deal = np.flatnonzero(found["handed"] < NEVER)
    at = _at(world, "owners", deal, found["handed"].to_numpy()[deal])
    return _rows(deal, OWNER, at, ids[found["first_rep"].iloc[deal]], ids[found["rep"].iloc[deal]])
