"""What else is known of a deal: price, people, dates that move, the forecast, why it was lost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import cast
from revops_site.kernel.world.company import OUTBOUND, SEGMENTS
from revops_site.kernel.world.frame import Days, Flags, Texts, World
from revops_site.kernel.world.outcomes import ENT, execution
from revops_site.kernel.world.process import PIPELINES, PROJECTS, SELLING

CURRENCIES, IN_CURRENCY = ("EUR", "GBP", "USD"), (0.6, 0.25, 0.15)  # of outbound deals in EMEA
DISCOUNT_SPREAD = 0.45
UNKNOWN = 0.45, 0.15, 0.05  # whether there is a champion, per selling stage
CHAMPION = 0.42, 0.80  # of deals that are lost, of deals that are won
BUYER = 0.30, 0.72
MOST_CONTACTS = 9
MOST_DISCOUNT = 0.6
COLD_TOUCHES = 0.5
CATEGORIES = ("Pipeline", "Best Case", "Commit", "Closed", "Omitted")
OMITTED = 0.02
REASONS = {
    "No Decision": 0.27,
    "Price": 0.21,
    "Competitor": 0.19,
    "Timing": 0.13,
    "No Budget": 0.1,
    "Feature Gap": 0.085,
    "Duplicate": 0.015,
}


def add(world: World, found: pd.DataFrame) -> None:
    """Write down the terms of every deal, as they stand at ``as_of``.

    Adds stage (a place in its pipeline's stages, the end's where it is decided), entered (the day
    of entering it), currency, discount (0 to 1), contacts (engaged with), champion and
    economic_buyer (1, 0, -1 for unknown), pushes (moves of the close date to a later month),
    touches (of marketing before it), category (of the forecast), lost_reason (empty unless lost)
    and champion_left (the one deal whose champion went away).
    """
    dice = world.dice("terms")
    _standing(world, found)
    _money(world, found, dice)
    _people(world, found, dice)
    found["category"] = _categories(dice, found)
    found["lost_reason"] = _reasons(dice, found)
    _champion_leaves(world, found)


def _money(world: World, found: pd.DataFrame, dice: np.random.Generator) -> None:
    """The currency, which marketing's deals have none but dollars of, and the discount."""
    count, rep = len(found), found["rep"].to_numpy()
    abroad = ((found["channel"] == OUTBOUND) & (found["geo"] == "EMEA")).to_numpy()
    money = dice.choice(np.array(CURRENCIES, dtype=object), count, p=IN_CURRENCY)
    found["currency"] = np.where(abroad, money, "USD")
    usual = np.array([each.discount for each in cast.reps(world)])[rep]
    given = usual * dice.lognormal(0.0, DISCOUNT_SPREAD, count)
    found["discount"] = np.minimum(np.round(given, 2), MOST_DISCOUNT)


def _people(world: World, found: pd.DataFrame, dice: np.random.Generator) -> None:
    """Whom the rep knows at the customer's, the dates that the rep gave them, and the touches."""
    count, segment, rep = len(found), found["segment"].to_numpy(), found["rep"].to_numpy()
    reps = cast.reps(world)
    wide = np.array([each.threads for each in reps])[rep]
    expected = np.array([each.contacts for each in SEGMENTS])[segment] * wide
    expected *= 0.7 + 0.15 * found["stages"].to_numpy()
    contacts = 1 + dice.poisson(np.maximum(0.05, expected - 1))
    found["contacts"] = np.minimum(contacts, MOST_CONTACTS)
    found["champion"] = _known(dice, found, CHAMPION)
    found["economic_buyer"] = _known(dice, found, BUYER)
    found["pushes"] = dice.poisson(np.array([each.pushes for each in reps])[rep])
    warm = np.array([each.touches for each in SEGMENTS])[segment]
    cold = (found["lead"] < 0).to_numpy()
    found["touches"] = np.where(cold, dice.poisson(COLD_TOUCHES, count), 1 + dice.poisson(warm - 1))


def _standing(world: World, found: pd.DataFrame) -> None:
    """Where each deal stands at ``as_of``, and since when."""
    pipeline = found["pipeline"].to_numpy()
    days = np.column_stack(
        [found["created"], found["stage_1"], found["stage_2"], execution(world, found)]
    )
    stages = found["stages"].to_numpy()
    reached = days <= world.last
    reached[:, 1] &= stages > 1
    reached[:, 2] &= stages > 2
    stage = reached[:, :-1].sum(axis=1) - 1
    entered = days[np.arange(len(found)), stage]
    decided = found["closed"].to_numpy() <= world.last
    ends = np.array([len(each.stages) - 2 for each in PIPELINES])[pipeline]
    found["stage"] = np.where(decided, ends + ~found["won"].to_numpy(), stage)
    found["entered"] = np.where(decided, found["closed"], entered)


def _known(dice: np.random.Generator, found: pd.DataFrame, shares: tuple[float, float]) -> Days:
    """1 where somebody has been found, 0 where not, -1 where nobody has asked yet."""
    lots = dice.random((2, len(found)))
    there = lots[0] < np.array(shares)[found["won"].to_numpy().astype(np.int64)]
    asked = lots[1] >= np.array(UNKNOWN)[found["stages"].to_numpy() - 1]
    return np.where(asked, there.astype(np.int64), -1)


def _categories(dice: np.random.Generator, found: pd.DataFrame) -> Texts:
    """What the rep says to the forecast: the further and the better a deal, the bolder."""
    lots = dice.random((2, len(found)))
    stage = np.minimum(found["stage"].to_numpy(), SELLING)
    good = found["won"].to_numpy().astype(np.int64)
    commit = np.array(((0.0, 0.03, 0.22, 1.0), (0.0, 0.08, 0.62, 1.0)))[good, stage]
    best = np.array(((0.03, 0.2, 0.5, 0.0), (0.08, 0.45, 0.33, 0.0)))[good, stage]
    place = np.select([lots[0] < commit, lots[0] < commit + best], [2, 1], 0)
    place = np.where((lots[1] < OMITTED) & (stage < SELLING), 4, place)
    return np.array(CATEGORIES, dtype=object)[np.where(_decided(found), 3, place)]


def _reasons(dice: np.random.Generator, found: pd.DataFrame) -> Texts:
    reasons = dice.choice(
        np.array(list(REASONS), dtype=object), len(found), p=list(REASONS.values())
    )
    lost = _decided(found) & ~found["won"].to_numpy()
    return np.where(lost, reasons, "")


def _decided(found: pd.DataFrame) -> Flags:
    ends = np.array([len(each.stages) - 2 for each in PIPELINES])[found["pipeline"]]
    decided: Flags = found["stage"].to_numpy() >= ends
    return decided


def _champion_leaves(world: World, found: pd.DataFrame) -> None:
    """The largest contract on the table is committed, and the one who wanted it has gone."""
    found["champion_left"] = False
    large = (
        (found["segment"] == ENT)
        & (found["stage"] == SELLING - 1)
        & (found["pipeline"] != PROJECTS)
    )
    if world.shard or not large.any():
        return
    deal = found.index == found["amount"].where(large).idxmax()
    known = {"champion": 0, "economic_buyer": 1, "contacts": 4, "category": "Commit"}
    for column, value in {**known, "currency": "USD", "champion_left": True}.items():
        found[column] = found[column].mask(deal, value)
    found.loc[deal, "amount"] *= 2
