"""What became of the projects that customers ordered: end users, documents, invoices, payments."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.samples.told import day_texts, picked, told
from revops_site.kernel.world import World, cast
from revops_site.kernel.world.accounts import accounts
from revops_site.kernel.world.frame import Days, Texts, dates
from revops_site.kernel.world.process import PIPELINES, PROJECTS

ASKED_EVERY = 12  # days
NOT_NOTED = 0.12  # of the end users that are known: nobody has said so
FOUND_OUT = 0.25  # of the orders that wait for one: somebody knows by now, and may begin
STAGE = {stage.name: place for place, stage in enumerate(PIPELINES[PROJECTS].stages)}
RECEIVED, READY, MDD = STAGE["Order Received"], STAGE["Everything Ready"], STAGE["MDD"]
# Present, missing; the rest is unknown.
CHECKLIST, QUALITY, MATERIALS = (0.50, 0.30), (0.55, 0.28), (0.92, 0.06)
BOUGHT_EARLY = 0.5  # of the orders that are not ready: materials were bought before
END_USERS = ("the plant in the north", "the new branch office", "the main site", "the data centre")


@lru_cache(maxsize=1)
def ordered(world: World) -> pd.DataFrame:
    """One row per order by ``as_of``, in the order of time.

    Columns: deal (a place in ``told``), identified, materials, checklist, mdd, quality (1, 0, -1
    for unknown), requests (how often the end user was asked for).
    """
    found = told(world)
    came = (found["pipeline"] == PROJECTS) & (found["ordered"] <= world.last)
    deal = np.flatnonzero(came)
    deal = deal[np.argsort(found["ordered"].to_numpy()[deal], kind="stable")]
    rows, dice = found.iloc[deal], world.dice("orders")
    stage = rows["stage"].to_numpy()
    lots = dice.random((5, len(deal)))
    waits = (stage == RECEIVED) & ~rows["identified"].to_numpy()
    noted = np.where(lots[0] < NOT_NOTED, -1, 1)
    wait = np.where(waits, world.last, rows["ordered"] + 70) - rows["ordered"]
    asked = 1 + wait.to_numpy() // ASKED_EVERY
    early = (lots[1] < BOUGHT_EARLY).astype(np.int64)
    materials = np.where(stage >= READY, _told(lots[1], MATERIALS), early)
    return pd.DataFrame(
        {
            "deal": deal,
            "identified": np.where(waits, lots[3] < FOUND_OUT, noted),
            "requests": np.where(rows["identified"], dice.integers(0, 2, len(deal)), asked),
            "materials": materials,
            "checklist": np.where(
                materials == 1, _told(lots[2], CHECKLIST), np.where(lots[2] < 0.5, -1, 1)
            ),
            "mdd": np.where(stage > MDD, 1, np.where(lots[4] < 0.1, -1, 0)),
            "quality": np.where(stage > MDD, _told(lots[3], QUALITY), -1),
        }
    )


def orders(world: World) -> pd.DataFrame:
    """One row per order that a customer placed; truths that nobody knows of are empty."""
    table = ordered(world)
    rows = told(world).iloc[table["deal"]]
    truth = ["False", "True"]
    return pd.DataFrame(
        {
            "order_id": world.ids("ORD", np.arange(1, len(table) + 1)),
            "deal_id": rows["deal_id"].to_numpy(dtype=object),
            "received_on": dates(rows["ordered"].to_numpy()),
            "amount": rows["amount"].to_numpy(),
            "currency": rows["currency"].to_numpy(),
            "end_user": np.where(table["identified"] == 1, end_users(world), ""),
            "end_user_identified": picked(truth, table["identified"].to_numpy()),
            "end_user_requests_count": table["requests"].to_numpy(),
            "materials_purchased": picked(truth, table["materials"].to_numpy()),
            "survey_checklist_present": picked(truth, table["checklist"].to_numpy()),
            "mdd_signed": picked(truth, table["mdd"].to_numpy()),
            "quality_docs_present": picked(truth, table["quality"].to_numpy()),
            "evidence": _evidence(world),
            "invoiced_on": _known(world, rows["invoiced"].to_numpy()),
            "paid_on": _known(world, rows["paid"].to_numpy()),
        }
    )


def end_users(world: World) -> Texts:
    """Who will use what was ordered, as it is found out in the end."""
    table = ordered(world)
    account = told(world)["account"].to_numpy()[table["deal"]]
    names = accounts(world)["account_name"].to_numpy(dtype=object)[account]
    sites = np.array(END_USERS, dtype=object)
    which = world.dice("end users of orders").integers(0, len(sites), len(table))
    texts: Texts = names + ", " + sites[which]
    return texts


def _told(lots: np.ndarray, shares: tuple[float, float]) -> Days:
    there, missing = shares
    return np.select([lots < there, lots < there + missing], [1, 0], -1)


def _known(world: World, days: Days) -> pd.Series:
    known = days <= world.last
    return pd.Series(dates(np.where(known, days, 0))).where(pd.Series(known))


def _evidence(world: World) -> Texts:
    """What the answer about the end user was taken from."""
    table = ordered(world)
    rows = told(world).iloc[table["deal"]]
    on = day_texts(rows["ordered"].to_numpy())
    names = np.array([rep.name for rep in cast.reps(world)], dtype=object)[rows["rep"]]
    return np.select(
        [table["identified"] == 1, table["identified"] == 0],
        [
            "Note of " + names + ": end user is " + end_users(world),
            "Order of " + on + " names no end user; asked " + _times(table["requests"].to_numpy()),
        ],
        "",
    )


def _times(counts: Days) -> Texts:
    codes, each = pd.factorize(counts)
    words = [f"{count} time{'' if count == 1 else 's'}" for count in each.tolist()]
    return np.array(words, dtype=object)[codes]
