"""What every customer paid at the end of each month: how it grew, shrank, ended, came back."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revenue.samples.buyers import buyers
from revops_site.kernel.world import World
from revops_site.kernel.world.company import SEGMENTS
from revops_site.kernel.world.frame import MONTHS, Days, Numbers, Texts, number

GROWS, SHRINKS = (0.04, 0.22), (0.05, 0.30)  # the share added or taken away at once
SHRINKING = 0.012  # of the customers, a month
COMES_BACK_AT = 0.8  # of what was paid before
WARNED, WARNED_MONTHS = 0.35, 4  # of those who leave: paid less up to so many months before


@lru_cache(maxsize=1)
def paid(world: World) -> Numbers:
    """MRR of each of ``buyers`` at the end of each month of the files; 0 where nobody pays."""
    frame, ends = buyers(world), month_ends(world)
    start, left, back = (frame[name].to_numpy()[:, None] for name in ("start", "left", "back"))
    there = (start <= ends) & ((ends < left) | (ends >= back))
    steps = np.where(there & (start < month_starts(world)), _steps(world), 1.0)
    steps[:, 0] = 1.0
    returns = there & (ends >= back)
    returns[:, 1:] &= ~(ends[:-1] >= back)
    steps[returns] = COMES_BACK_AT
    mrr: Numbers = np.round(first_mrr(world)[:, None] * np.cumprod(steps, axis=1), 2) * there
    return mrr


def first_mrr(world: World) -> Numbers:
    """What each of ``buyers`` paid a month at first: a twelfth of the year."""
    mrr: Numbers = np.round(buyers(world)["amount"].to_numpy() / 12, 2)
    return mrr


def customer_mrr(world: World) -> pd.DataFrame:
    """One row per customer and month: the MRR at its end, 0 at the end of the month they left."""
    mrr, frame = paid(world), buyers(world)
    told = mrr > 0
    told[:, 1:] |= (mrr[:, 1:] == 0) & (mrr[:, :-1] > 0)
    customer, month = np.nonzero(told)
    codes = [segment.code for segment in SEGMENTS]
    names = [str(each)[:7] for each in month_starts(world).astype("datetime64[D]")]
    segment = frame["segment"].to_numpy()[customer]
    return pd.DataFrame(
        {
            "customer_id": customer_ids(world)[customer],
            "month": np.array(names, dtype=object)[month],
            "mrr": mrr[customer, month],
            "currency": frame["currency"].to_numpy(dtype=object)[customer],
            "segment": np.array(codes, dtype=object)[segment],
            "plan": plans(world)[customer],
        }
    )


def customer_ids(world: World) -> Texts:
    """The id of each of ``buyers``."""
    return world.ids("CUST", np.arange(1, len(buyers(world)) + 1))


@lru_cache(maxsize=1)
def plans(world: World) -> Texts:
    """The plan of each of ``buyers``: the larger the contract, the more it holds."""
    frame = buyers(world)
    amount, segment = frame["amount"].to_numpy(), frame["segment"].to_numpy()
    limits = np.array([[limit for _, limit in each.plans] for each in SEGMENTS])[segment]
    names = np.array([[name for name, _ in each.plans] for each in SEGMENTS], dtype=object)
    texts: Texts = names[segment, (amount[:, None] >= limits).sum(axis=1)]
    return texts


def month_starts(world: World) -> Days:
    """The first day of each month of the files."""
    return np.array([number(world.month(back)) for back in reversed(range(MONTHS))])


def month_ends(world: World) -> Days:
    """The last day of each month of the files, that of the last one being ``as_of``."""
    return np.append(month_starts(world)[1:] - 1, world.last)


def _steps(world: World) -> Numbers:
    """By what each customer's MRR would be multiplied in each month: mostly 1."""
    segment = buyers(world)["segment"].to_numpy()
    dice = world.dice("steps")
    shape = (len(segment), MONTHS)
    lots = dice.random(shape)
    more, less = 1 + dice.uniform(*GROWS, shape), 1 - dice.uniform(*SHRINKS, shape)
    yearly = np.array([each.yearly_growth for each in SEGMENTS])
    often = (np.log1p(yearly) / 12 - SHRINKING * np.log(less).mean()) / np.log(more).mean()
    steps: Numbers = np.select(
        [lots < SHRINKING, lots > 1 - often[segment][:, None]], [less, more], 1.0
    )
    who, when = _warned(world)
    steps[who, when] = less[who, when]
    return steps


def _warned(world: World) -> tuple[Days, Days]:
    """Who pays less before leaving, and in which month: customer and month, places."""
    left = buyers(world)["left"].to_numpy()
    dice = world.dice("warnings")
    month = np.searchsorted(month_ends(world), left) - dice.integers(1, WARNED_MONTHS, len(left))
    warned = (dice.random(len(left)) < WARNED) & (left <= world.last) & (month > 0)
    return np.flatnonzero(warned), month[warned]
