"""Pretend customers: those of the deals that were won, and those from before the files begin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import World
from revops_site.kernel.world.company import SEGMENTS, WON
from revops_site.kernel.world.frame import Days, Flags, Numbers, dates, number
from revops_site.kernel.world.names import account, accounts

LEGACY_DAYS = 3 * 365
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
EXPANDING, CONTRACTING = 0.09, 0.03


def revenue_customers(world: World, pipeline_deals: pd.DataFrame) -> pd.DataFrame:
    """One row per customer, in the order they came; money is monthly recurring revenue.

    A won deal's account is a customer from the day it was won, paying a twelfth of the amount.
    A customer who left has mrr 0. ``new_mrr``, ``expansion_mrr`` and ``contraction_mrr`` are the
    moves within the month of ``as_of``; ``arpa`` repeats mrr; ``nrr`` is mrr by what it was at
    the month's start, 0 for those who left.
    """
    frame = pd.concat([_legacy(world), _won(pipeline_deals)], ignore_index=True)
    frame = frame.sort_values(["start", "account"], kind="stable", ignore_index=True)
    segment, start = frame["segment"].to_numpy(), frame["start"].to_numpy()
    left, reason = _churn(world, segment, start)
    churned = left <= world.last
    new = start >= number(world.month(0))
    mrr = np.where(churned, 0.0, _grown(world, frame, segment, start))
    expansion, contraction = _moves(world, segment, np.where(new, 0.0, mrr))
    before = mrr - expansion + contraction
    return pd.DataFrame(
        {
            "customer_id": [f"CUST_{place:04d}" for place in range(1, len(frame) + 1)],
            "account": frame["account"],
            "segment": np.array([each.code for each in SEGMENTS])[segment],
            "plan": _plans(segment, frame["amount"].to_numpy()),
            "start_date": dates(start),
            "mrr": mrr,
            "new_mrr": np.where(new, mrr, 0.0),
            "expansion_mrr": expansion,
            "contraction_mrr": contraction,
            "churned_flag": churned,
            "churn_date": pd.Series(dates(left)).where(pd.Series(churned)),
            "churn_reason": pd.Series(reason).where(pd.Series(churned)),
            "arpa": mrr,
            "nrr": np.round(np.divide(mrr, before, out=np.zeros_like(mrr), where=before > 0), 3),
        }
    )


def _won(pipeline_deals: pd.DataFrame) -> pd.DataFrame:
    won = pipeline_deals[pipeline_deals["status"] == WON]
    codes = {segment.code: code for code, segment in enumerate(SEGMENTS)}
    return pd.DataFrame(
        {
            "account": won["account"],
            "segment": won["segment"].map(codes),
            "amount": won["amount"],
            "start": won["last_stage_change"].to_numpy().astype("datetime64[D]").astype(np.int64),
        }
    )


def _legacy(world: World) -> pd.DataFrame:
    """Customers from the three years before the files, more of them towards the end."""
    dice = world.dice("legacy")
    segment = np.repeat(np.arange(len(SEGMENTS)), [each.legacy for each in SEGMENTS])
    usual = np.array([each.amount for each in SEGMENTS])[segment]
    spread = np.array([each.spread for each in SEGMENTS])[segment]
    last = len(accounts(world)) - 1
    return pd.DataFrame(
        {
            "account": [account(world, last - place) for place in range(len(segment))],
            "segment": segment,
            "amount": np.round(usual * np.exp(dice.normal(0.0, 1.0, len(segment)) * spread), -1),
            "start": world.first
            - 1
            - np.floor(LEGACY_DAYS * (1 - np.sqrt(dice.random(len(segment))))).astype(np.int64),
        }
    )


def _churn(world: World, segment: Days, start: Days) -> tuple[Days, np.ndarray]:
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
    reason = dice.choice(list(REASONS), count, p=list(REASONS.values()))
    reason = np.where(waved & (dice.random(count) < PRICE_IN_WAVE), "Price", reason)
    return left, reason


def _grown(world: World, frame: pd.DataFrame, segment: Days, start: Days) -> Numbers:
    """What each pays at ``as_of``: a twelfth of the deal, grown as its segment grows."""
    yearly = np.array([each.yearly_growth for each in SEGMENTS])[segment]
    years = (world.last - start) / 365.25
    noise = world.dice("growth").normal(0.0, 0.12, len(frame)) * np.sqrt(years)
    return np.round(frame["amount"].to_numpy() / 12 * np.exp(yearly * years + noise), 2)


def _moves(world: World, segment: Days, mrr: Numbers) -> tuple[Numbers, Numbers]:
    """What was added and what was taken away this month, of what is paid at its end."""
    dice = world.dice("moves")
    lots, size = dice.random(len(mrr)), dice.uniform(0.03, 0.22, len(mrr))
    eager = (
        np.array([each.yearly_growth for each in SEGMENTS])[segment] / SEGMENTS[-1].yearly_growth
    )
    grows = lots < EXPANDING * eager
    shrinks = lots > 1 - CONTRACTING
    return np.round(mrr * size * grows, 2), np.round(mrr * size * shrinks, 2)


def _plans(segment: Days, amount: Numbers) -> list[str]:
    return [
        next(plan for plan, limit in SEGMENTS[code].plans if money < limit)
        for code, money in zip(segment, amount, strict=True)
    ]
