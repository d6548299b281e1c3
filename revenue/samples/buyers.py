"""Who became a customer and when they left: of a deal that was won, or before the files begin."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revops_site.kernel.world import World
from revops_site.kernel.world.accounts import legacy
from revops_site.kernel.world.company import SEGMENTS
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.frame import Days, Flags, Texts, number
from revops_site.kernel.world.leads import NEVER

FIRST_MONTH_DAYS = 30
MONTH_DAYS = 30.44
WAVE = 5.0
REASONS = {
    "Competition": 0.24,
    "Budget Cut": 0.2,
    "Feature Gap": 0.18,
    "Price": 0.14,
    "Business Closure": 0.1,
    "Support": 0.08,
    "Merger": 0.06,
}
PRICE_IN_WAVE = 0.8
COMES_BACK, AWAY_DAYS = 0.09, (62, 210)
NOTICE_DAYS = 14, 92  # between the notice and the last day


@lru_cache(maxsize=1)
def buyers(world: World) -> pd.DataFrame:
    """One row per customer, in the order they came, numbered from 0.

    Columns: account (a place in ``accounts``), segment (a code), geo, rep (a place in
    ``cast.reps``), amount (money a year, in currency), currency, deal_id (empty for those from
    before), start, left, back (numbered days; ``NEVER`` for who does not leave or come back by
    ``as_of``), notice and ends (of who gave notice by ``as_of``, that day and the last one, which
    may lie ahead), reason (why they leave).
    """
    found = deals(world)
    won = found[found["told"] & found["won"] & (found["closed"] <= world.last)]
    columns = ["account", "segment", "geo", "rep", "amount", "currency", "deal_id", "start"]
    before = legacy(world).assign(currency="USD", deal_id="")
    bought = won.assign(start=won["closed"])
    frame = pd.concat([before[columns], bought[columns]], ignore_index=True)
    frame = frame.sort_values(["start", "account"], kind="stable", ignore_index=True)
    start = frame["start"].to_numpy()
    left, reason = _churn(world, frame["segment"].to_numpy(), start)
    dice = world.dice("coming back")
    back = left + dice.integers(*AWAY_DAYS, len(frame))
    returns = (dice.random(len(frame)) < COMES_BACK) & (back <= world.last)
    frame["left"] = np.where(left <= world.last, left, NEVER)
    notice = np.maximum(left - world.dice("notice").integers(*NOTICE_DAYS, len(frame)), start + 1)
    told = notice <= world.last
    frame["notice"], frame["ends"] = np.where(told, notice, NEVER), np.where(told, left, NEVER)
    frame["back"] = np.where(returns, back, NEVER)
    frame["reason"] = reason
    return frame


def _churn(world: World, segment: Days, start: Days) -> tuple[Days, Texts]:
    """The day each customer leaves, which may lie ahead, and why they would."""
    dice = world.dice("churn")
    count = len(segment)
    monthly = np.array([each.monthly_churn for each in SEGMENTS])[segment]
    left = start + FIRST_MONTH_DAYS + np.ceil(dice.exponential(MONTH_DAYS / monthly))
    first, end = (number(day) for day in world.price_rise)
    waved: Flags = (segment == 0) & (start < first - FIRST_MONTH_DAYS) & (left >= first)
    share = 1 - np.exp(-monthly * (WAVE - 1) * (end - first) / MONTH_DAYS)
    waved &= dice.random(count) < share
    left = np.where(waved, dice.integers(first, end, count), left).astype(np.int64)
    every = np.array(list(REASONS), dtype=object)
    reason = dice.choice(every, count, p=list(REASONS.values()))
    return left, np.where(waved & (dice.random(count) < PRICE_IN_WAVE), "Price", reason)
