"""The pretend deals as they stand: every one that was open at some time since the files begin."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.samples.changes import changed
from pipeline.samples.closing import expected
from pipeline.samples.moves import moves
from pipeline.samples.plan import managers
from pipeline.samples.told import DAY, moments, picked, stage_names, told
from pipeline.samples.work import work
from revops_site.kernel.world import World, cast
from revops_site.kernel.world.accounts import accounts
from revops_site.kernel.world.company import LOST, SEGMENTS, WON
from revops_site.kernel.world.frame import Days, Numbers, Texts, dates
from revops_site.kernel.world.process import PIPELINES, PROJECTS

PROBABILITY_NOISE = 0.025
SUREST = 0.99  # that a deal is won which is still open
UNKNOWN = -1
STATUSES = ["Open", WON, LOST]


def pipeline_deals(world: World) -> pd.DataFrame:
    """One row per deal, in the order of creation; amounts in money, probability from 0 to 1.

    Deals that were decided before the files begin are left out. ``expected_close`` of a decided
    deal is the day it was decided; that of an open deal lies ahead, but for a few overdue ones.
    """
    found = told(world)
    decided, moved = found["decided"].to_numpy(), found["entered"].to_numpy()
    status = np.where(decided, np.where(found["won"], 1, 2), 0)
    names, starts = stage_names()
    stage = starts[found["pipeline"].to_numpy()] + found["stage"].to_numpy()
    frame = pd.DataFrame(
        {
            "deal_id": found["deal_id"].to_numpy(dtype=object),
            "account": _of_account(world, "account_name"),
            "segment": picked([segment.code for segment in SEGMENTS], found["segment"].to_numpy()),
            "owner": picked([rep.name for rep in cast.reps(world)], found["rep"].to_numpy()),
            "stage": names[stage],
            "amount": found["amount"].to_numpy(),
            "created_at": dates(found["created"].to_numpy()),
            "expected_close": dates(expected(world)),
            "last_stage_change": dates(moved),
            "days_in_stage": world.last - moved,
            "probability": _probability(world, found, stage),
        }
    )
    frame["expected_value"] = (frame["amount"] * frame["probability"]).round(2)
    frame["status"] = picked(STATUSES, status)
    frame["source_channel"] = found["channel"].to_numpy(dtype=object)
    return pd.concat([frame, _further(world, found)], axis=1)


def _further(world: World, found: pd.DataFrame) -> pd.DataFrame:
    """The columns that a file may have beside those that it must have."""
    decided = found["decided"].to_numpy()
    last, following = _last_done(world), _next_due(world)
    truth = ["False", "True"]
    return pd.DataFrame(
        {
            "account_id": _of_account(world, "account_id"),
            "pipeline_id": picked([each.id for each in PIPELINES], found["pipeline"].to_numpy()),
            "opportunity_name": _titles(world, found),
            "region": found["geo"].to_numpy(dtype=object),
            "lost_reason": found["lost_reason"].to_numpy(dtype=object),
            "forecast_category": found["category"].to_numpy(dtype=object),
            "closed_at": _days(np.where(decided, found["closed"], UNKNOWN)),
            "currency": found["currency"].to_numpy(dtype=object),
            "last_activity_at": _days(last),
            "next_activity_at": _days(following),
            "has_champion": picked(truth, found["champion"].to_numpy()),
            "has_economic_buyer": picked(truth, found["economic_buyer"].to_numpy()),
            "discount_pct": found["discount"].to_numpy(),
            "update_time": moments(_touched(world)),
            "manager_name": picked(*_unique(managers(world)[found["rep"]])),
        }
    )


def _unique(texts: Texts) -> tuple[Texts, Days]:
    codes, names = pd.factorize(texts)
    return names, codes


def _probability(world: World, found: pd.DataFrame, stage: Days) -> Numbers:
    every = np.array([each.probability for pipeline in PIPELINES for each in pipeline.stages])
    noise = world.dice("probability").normal(0.0, PROBABILITY_NOISE, len(found))
    belief = np.clip(every[stage] + noise, 1 - SUREST, SUREST)
    sure = found["won"].to_numpy().astype(np.float64)
    return np.where(found["decided"], sure, belief).round(3)


def _of_account(world: World, column: str) -> Texts:
    texts: Texts = accounts(world)[column].to_numpy(dtype=object)[told(world)["account"]]
    return texts


def _titles(world: World, found: pd.DataFrame) -> Texts:
    """What each deal is called: its account and what is sold."""
    kinds = [plan for segment in SEGMENTS for plan, _ in segment.plans]
    limits = np.array([limit for segment in SEGMENTS for _, limit in segment.plans])
    first = 3 * found["segment"].to_numpy()
    amount = found["amount"].to_numpy()
    place = first + (amount >= limits[first]) + (amount >= limits[first + 1])
    project = (found["pipeline"] == PROJECTS).to_numpy()
    sold = np.array([f" – {kind}" for kind in [*kinds, "Rollout"]], dtype=object)
    titles: Texts = _of_account(world, "account_name") + sold[np.where(project, len(kinds), place)]
    return titles


def _days(days: Days) -> pd.Series:
    return pd.Series(dates(days)).where(pd.Series(days >= 0))


def _last_done(world: World) -> Days:
    """The day of the last activity of each deal that was done."""
    table = work(world)
    done = table[table["done"] & (table["deal"] >= 0)]
    last = np.full(len(told(world)), UNKNOWN, dtype=np.int64)
    np.maximum.at(last, done["deal"].to_numpy(), done["day"].to_numpy())
    return last


def _next_due(world: World) -> Days:
    """The day of the first activity of each deal that is planned."""
    planned = work(world)[~work(world)["done"]]
    far = np.iinfo(np.int64).max
    first = np.full(len(told(world)), far, dtype=np.int64)
    np.minimum.at(first, planned["deal"].to_numpy(), planned["day"].to_numpy())
    return np.where(first == far, UNKNOWN, first)


def _touched(world: World) -> Days:
    """When anybody last did something that shows in the deal, in seconds since 1970."""
    at = np.zeros(len(told(world)), dtype=np.int64)
    done = work(world)[work(world)["done"] & (work(world)["deal"] >= 0)]
    seconds = done["day"].to_numpy() * DAY + done["second"].to_numpy()
    np.maximum.at(at, done["deal"].to_numpy(), seconds)
    for table in (moves(world), changed(world)):
        np.maximum.at(at, table["deal"].to_numpy(), table["at"].to_numpy())
    return at
