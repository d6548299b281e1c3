"""Who at the customers' has a part in the deals, and when they were last heard of."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from pipeline.samples.told import picked, told
from pipeline.samples.work import LONG_AGO, OUT, quiet, work
from revops_site.kernel.world import World, names
from revops_site.kernel.world.accounts import accounts
from revops_site.kernel.world.frame import Days, Texts, dates

NAMES, AFTER_REPS = 3_700, 60  # of those that there are: the rest are reps and managers
APART = 613
ENGAGED = 0.72  # of the contacts that no activity tells of
ROLES = [
    *("champion", "economic buyer", "technical evaluator", "user", "procurement", "legal"),
    "influencer",
]
CHAMPION, BUYER = 0, 1
TITLES = [
    *("Head of Operations", "Revenue Operations Lead", "Director of Sales", "Marketing Manager"),
    *("Chief Financial Officer", "Managing Director", "VP Finance", "Chief Operating Officer"),
    *("IT Manager", "Systems Architect", "Data Engineer", "Security Officer"),
    *("Team Lead", "Account Manager", "Analyst", "Office Manager"),
    *("Head of Procurement", "Buyer", "Category Manager", "Supplier Manager"),
    *("General Counsel", "Contracts Manager", "Legal Counsel", "Compliance Officer"),
    *("Consultant", "Project Manager", "Business Partner", "Board Member"),
    "Head of Operations (has left the company)",
]
LEFT = len(TITLES) - 1


@lru_cache(maxsize=1)
def people(world: World) -> pd.DataFrame:
    """One row per contact of a deal, in the order of the deals.

    Columns: deal (a place in ``told``), place (within the deal, from 0), role (a place in
    ``ROLES``), champion, economic_buyer (1, 0, -1 for unknown), engaged (the numbered day on which
    they were last heard of, -1 for never).
    """
    found = told(world)
    count = found["contacts"].to_numpy()
    deal = np.repeat(np.arange(len(found)), count)
    place = np.arange(len(deal)) - np.repeat(np.cumsum(count) - count, count)
    champion, buyer = found["champion"].to_numpy()[deal], found["economic_buyer"].to_numpy()[deal]
    buyer_place = np.minimum(np.where(champion == 1, 1, 0), count[deal] - 1)
    left = found["champion_left"].to_numpy()[deal]
    is_champion = (champion == 1) & (place == 0)
    is_buyer = (buyer == 1) & (place == np.where(left, 1, buyer_place))
    others = world.dice("roles").integers(BUYER + 1, len(ROLES), len(deal))
    role = np.select([is_champion | (left & (place == 0)), is_buyer], [CHAMPION, BUYER], others)
    return pd.DataFrame(
        {
            "deal": deal,
            "place": place,
            "role": role,
            "champion": np.where(champion < 0, -1, is_champion.astype(np.int64)),
            "economic_buyer": np.where(buyer < 0, -1, is_buyer.astype(np.int64)),
            "engaged": _engaged(world, deal, place, is_champion | is_buyer),
        }
    )


def contacts(world: World) -> pd.DataFrame:
    """One row per person who has a part in a deal; empty truths are unknown."""
    table, found = people(world), told(world)
    dice = world.dice("contacts")
    deal, place = table["deal"].to_numpy(), table["place"].to_numpy()
    start = dice.integers(0, NAMES, len(found))
    name = (start[deal] + place * APART) % NAMES
    title = 4 * table["role"].to_numpy() + dice.integers(0, 4, len(table))
    left = found["champion_left"].to_numpy()[deal] & (place == 0)
    every = np.array(names.people(AFTER_REPS, NAMES), dtype=object)
    domains = _domains(world)[found["account"].to_numpy()]
    mailbox = np.array([each.lower().replace(" ", ".") for each in every], dtype=object)
    truth = ["False", "True"]
    engaged = table["engaged"].to_numpy()
    return pd.DataFrame(
        {
            "deal_id": found["deal_id"].to_numpy(dtype=object)[deal],
            "contact_id": world.ids("CON", np.arange(1, len(table) + 1)),
            "contact_name": picked(every, name),
            "email": mailbox[name] + domains[deal],
            "title": picked(TITLES, np.where(left, LEFT, title)),
            "role": picked(ROLES, table["role"].to_numpy()),
            "is_champion": picked(truth, table["champion"].to_numpy()),
            "is_economic_buyer": picked(truth, table["economic_buyer"].to_numpy()),
            "last_engaged_at": pd.Series(dates(engaged)).where(pd.Series(engaged >= 0)),
        }
    )


def _engaged(world: World, deal: Days, place: Days, important: np.ndarray) -> Days:
    """The last time each answered or met the rep; some are heard of otherwise."""
    found, table = told(world), work(world)
    dice = world.dice("engaged")
    first = np.cumsum(found["contacts"].to_numpy()) - found["contacts"].to_numpy()
    heard = table["done"] & (table["whom"] >= 0) & (table["deal"] >= 0)
    heard &= (table["way"] != OUT) | (table["answered"] == 1)
    told_of = table[heard.to_numpy()]
    day = np.full(len(deal), -1, dtype=np.int64)
    np.maximum.at(day, first[told_of["deal"]] + told_of["whom"], told_of["day"].to_numpy())
    created, last = found["created"].to_numpy()[deal], quiet(world)[deal]
    lots = dice.random((2, len(deal)))
    some = created + np.floor(np.sqrt(lots[0]) * np.maximum(0, last - created)).astype(np.int64)
    otherwise = (lots[1] < ENGAGED) | important
    day = np.where((day < 0) & otherwise, some, day)
    left = found["champion_left"].to_numpy()[deal] & (place == 0)
    return np.where(left, world.last - LONG_AGO, day)


def _domains(world: World) -> Texts:
    """What stands behind the name in the mail addresses of each account."""
    plain = pd.Series(accounts(world)["account_name"].to_numpy(dtype=object), dtype=object)
    texts = plain.str.lower().str.replace(" ", "-", regex=False)
    return np.array([f"@{text}.example" for text in texts], dtype=object)
