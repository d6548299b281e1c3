"""With whom the company deals: the accounts of all deals, and those who bought before."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revops_site.kernel.world import cast
from revops_site.kernel.world.company import GEO_WEIGHTS, REGION_OF_GEO, SEGMENTS
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.frame import Days, World
from revops_site.kernel.world.names import account_names

LEGACY_DAYS = 3 * 365
INDUSTRIES = (
    "Manufacturing Retail Software Logistics Healthcare Finance Construction Energy Education "
    "Media Hospitality Agriculture"
)


@lru_cache(maxsize=2)
def accounts(world: World) -> pd.DataFrame:
    """One row per account of the shard: first those of the deals, then those of ``legacy``.

    Columns: account_id, account_name, segment (a code), geo, industry, owner (a place in
    ``cast.reps``: who had the last deal), created (a numbered day).
    """
    found = deals(world)
    found = found[found["told"]]
    by_account = found.groupby("account", sort=True)
    first, last = by_account.first(), by_account.last()
    bought = legacy(world)
    frame = pd.DataFrame(
        {
            "segment": np.concatenate([first["segment"], bought["segment"]]),
            "geo": np.concatenate([first["geo"], bought["geo"]]),
            "owner": np.concatenate([last["rep"], bought["rep"]]),
            "created": np.concatenate([first["created"], bought["start"] - 60]),
        }
    )
    places = np.arange(len(frame))
    industries = np.array(INDUSTRIES.split(), dtype=object)
    kind = world.dice("industries").integers(0, len(industries), len(frame))
    frame.insert(0, "account_id", world.ids("ACC", places + 1))
    frame.insert(1, "account_name", account_names(world, places))
    frame["industry"] = industries[kind]
    return frame


@lru_cache(maxsize=2)
def legacy(world: World) -> pd.DataFrame:
    """Customers from the three years before the files, more of them towards the end.

    Columns: account (a place in ``accounts``), segment (a code), geo, rep (a place in
    ``cast.reps``), amount (money a year, in USD), start (a numbered day).
    """
    dice = world.dice("legacy")
    counts = [round(each.legacy * world.scale.legacy) for each in SEGMENTS]
    segment = np.repeat(np.arange(len(SEGMENTS)), counts)
    usual = np.array([each.amount for each in SEGMENTS])[segment]
    spread = np.array([each.spread for each in SEGMENTS])[segment]
    amount = np.round(usual * np.exp(dice.normal(0.0, 1.0, len(segment)) * spread), -1)
    ago = np.floor(LEGACY_DAYS * (1 - np.sqrt(dice.random(len(segment))))).astype(np.int64)
    weights = np.array(list(GEO_WEIGHTS.values()))
    geo = dice.choice(len(weights), len(segment), p=weights / weights.sum())
    return pd.DataFrame(
        {
            "account": deals(world)["account"].max() + 1 + np.arange(len(segment)),
            "segment": segment,
            "geo": np.array(list(GEO_WEIGHTS), dtype=object)[geo],
            "rep": _owners(world, dice, geo),
            "amount": amount,
            "start": world.first - 1 - ago,
        }
    )


def _owners(world: World, dice: np.random.Generator, geo: Days) -> Days:
    """Somebody of the region who was there from the start."""
    owners = np.zeros(len(geo), dtype=np.int64)
    lots = dice.random(len(geo))
    for code, name in enumerate(GEO_WEIGHTS):
        there = [
            place
            for place, rep in enumerate(cast.reps(world))
            if rep.region == REGION_OF_GEO[name] and rep.since is None
        ]
        here = geo == code
        owners[here] = np.array(there)[(lots[here] * len(there)).astype(np.int64)]
    return owners
