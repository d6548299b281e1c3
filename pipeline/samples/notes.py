"""What reps wrote down about their deals: short sentences, some of which say what is going on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.samples.closing import redated
from pipeline.samples.orders import end_users, ordered
from pipeline.samples.told import DAY, during, entered, moments, picked, told
from pipeline.samples.work import LONG_AGO, quiet
from revops_site.kernel.world import World, cast
from revops_site.kernel.world.frame import Days, Flags, Texts, dates, number
from revops_site.kernel.world.leads import NEVER
from revops_site.kernel.world.moments import office_seconds
from revops_site.kernel.world.outcomes import ENT
from revops_site.kernel.world.process import PROJECTS, SELLING

A_DEAL = 0.42  # notes beside those that something happened for
BY_STAGE = (
    (
        "Intro call went well, they want to see the product with their own data.",
        "Two other vendors are being looked at.",
        "Current tool runs out at the end of next quarter.",
        "Pain: numbers of sales and marketing never agree.",
        "Budget not confirmed yet, decision is planned for this half-year.",
        "Talked to a user; need to find out who decides.",
    ),
    (
        "Demo with four people, good questions about data quality.",
        "They liked the pipeline page, asked about single sign-on.",
        "Technical review is done, no blockers.",
        "Wants a reference from the same industry.",
        "Security questionnaire received, 60 questions.",
        "Needs a second demo for the finance team.",
    ),
    (
        "Offer sent, they compare it with the renewal of the old tool.",
        "Procurement asks for payment in 60 days.",
        "Price is accepted, waiting for the signature.",
        "Redlines received, mostly liability and data protection.",
        "They want to start with one region first.",
        "Verbal yes; the order form goes out today.",
    ),
    (
        "Kick-off with the project lead on site.",
        "Delivery date confirmed by the warehouse.",
        "Customer signs off room by room, two are left.",
        "Site visit done, photos are in the folder.",
        "Waiting for access to the building.",
        "Documents handed over, invoice can be prepared.",
    ),
)
LOST = {
    "No Decision": "Closed: no decision, the project was put on hold.",
    "Price": "Lost on price, the other offer was a third below ours.",
    "Competitor": "Lost to a competitor that they know from before.",
    "Timing": "Bad timing, they reorganise; call again in half a year.",
    "No Budget": "Budget was cut, nothing this year.",
    "Feature Gap": "Lost: they need a forecast by product line.",
    "Duplicate": "Duplicate of another deal.",
}
WON = ("Signed. Handed over to onboarding.", "Won. Start on the first of next month.")
LEGAL = "Legal has the contract since {}."
LEGAL_SHARE = 0.75
PUSHED = ("Asked us to come back next month.", "Decision moved again, the board met without it.")
PUSHED_SHARE = 0.3
DISCOUNT = "Offered {} % off for a signature this month."
DISCOUNT_FROM, DISCOUNT_SHARE = 0.15, 0.5
GONE = "Our champion left the company, nobody has taken over yet."
NO_USER = "Asked again for the end user, no answer yet."
USER = "End user confirmed: {}."
CLOSED_SHARE = 0.3
USER_DAYS = 3, 20


def notes(world: World) -> pd.DataFrame:
    """One row per note, in the order of time."""
    makers = (_usual, _of_ends, _of_lawyers, _of_pushes, _of_discounts, _of_orders, _of_one_deal)
    table = pd.concat([maker(world) for maker in makers], ignore_index=True)
    found = told(world)
    geo = found["geo"].to_numpy(dtype=object)[table["deal"]]
    table["at"] = table["day"] * DAY + office_seconds(world.dice("hours of notes"), geo)
    table = table.sort_values(["at", "deal"], kind="stable", ignore_index=True)
    deal = table["deal"].to_numpy()
    before = table["day"].to_numpy() < found["handed"].to_numpy()[deal]
    moved = (found["handed"] < NEVER).to_numpy()[deal]
    author = np.where(before & moved, found["first_rep"].to_numpy()[deal], found["rep"][deal])
    return pd.DataFrame(
        {
            "note_id": world.ids("NOTE", np.arange(1, len(table) + 1)),
            "deal_id": found["deal_id"].to_numpy(dtype=object)[deal],
            "author": picked(cast.rep_ids(world), author),
            "body": table["body"].to_numpy(dtype=object),
            "created_at": moments(table["at"].to_numpy()),
        }
    )


def _rows(deal: Days, day: Days, body: Texts | str) -> pd.DataFrame:
    return pd.DataFrame({"deal": deal, "day": day, "body": body}, dtype=object).astype(
        {"deal": np.int64, "day": np.int64}
    )


def _some(dice: np.random.Generator, texts: tuple[str, ...], count: int) -> Texts:
    some: Texts = np.array(texts, dtype=object)[dice.integers(0, len(texts), count)]
    return some


def _usual(world: World) -> pd.DataFrame:
    """What is said of any deal, as the stage is."""
    found, dice = told(world), world.dice("usual notes")
    alive = quiet(world) > found["created"].to_numpy()
    deal = np.repeat(np.arange(len(found)), dice.poisson(np.where(alive, A_DEAL, 0.0)))
    day = during(dice, found["created"].to_numpy()[deal] + 1, quiet(world)[deal])
    stage = (entered(world)[deal, : SELLING + 1] <= day[:, None]).sum(axis=1) - 1
    texts = np.array(BY_STAGE, dtype=object)
    return _rows(deal, day, texts[stage, dice.integers(0, texts.shape[1], len(deal))])


def _of_ends(world: World) -> pd.DataFrame:
    """Why deals were lost, and that they were won."""
    found, dice = told(world), world.dice("last notes")
    ends = found["decided"].to_numpy() & (dice.random(len(found)) < CLOSED_SHARE)
    rows = found[ends]
    won = _some(dice, WON, len(rows))
    body = np.where(rows["won"], won, rows["lost_reason"].map(LOST))
    return _rows(np.flatnonzero(ends), rows["closed"].to_numpy(), body)


def _of_lawyers(world: World) -> pd.DataFrame:
    """Large contracts that came into negotiation while the lawyers were slow."""
    found, dice = told(world), world.dice("notes of lawyers")
    came, (first, end) = entered(world)[:, SELLING - 1], map(number, world.legal_bottleneck)
    stuck = (found["segment"] == ENT).to_numpy() & (came >= first) & (came < end)
    return _dated(dice, stuck, came, quiet(world))


def _dated(dice: np.random.Generator, stuck: Flags, came: Days, last: Days) -> pd.DataFrame:
    deal = np.flatnonzero(stuck & (last >= came + 10) & (dice.random(len(came)) < LEGAL_SHARE))
    since = np.minimum(came[deal] + dice.integers(1, 6, len(deal)), last[deal])
    day = during(dice, np.minimum(since + 7, last[deal]), np.minimum(since + 30, last[deal]))
    codes, days = pd.factorize(since)
    texts = [LEGAL.format(f"{day.day} {day:%B}") for day in dates(days).tolist()]
    return _rows(deal, day, np.array(texts, dtype=object)[codes])


def _of_pushes(world: World) -> pd.DataFrame:
    """Dates that could not be kept."""
    table, dice = redated(world), world.dice("notes of pushes")
    pushed = ~table["final"].to_numpy() & (table["new"] > table["old"] + 20).to_numpy()
    rows = table[pushed & (dice.random(len(table)) < PUSHED_SHARE)]
    body = _some(dice, PUSHED, len(rows))
    return _rows(rows["deal"].to_numpy(), rows["day"].to_numpy(), body)


def _of_discounts(world: World) -> pd.DataFrame:
    """Large discounts, when they were offered."""
    found, dice = told(world), world.dice("notes of discounts")
    came, last = entered(world)[:, SELLING - 1], quiet(world)
    share = found["discount"].to_numpy()
    offered = (share >= DISCOUNT_FROM) & (came < NEVER) & (last > came)
    deal = np.flatnonzero(offered & (dice.random(len(found)) < DISCOUNT_SHARE))
    day = during(dice, came[deal], np.minimum(came[deal] + 20, last[deal]))
    codes, shares = pd.factorize(np.round(100 * share[deal]).astype(np.int64))
    texts = [DISCOUNT.format(each) for each in shares]
    return _rows(deal, day, np.array(texts, dtype=object)[codes])


def _of_orders(world: World) -> pd.DataFrame:
    """Who will use what was ordered, or that nobody knows."""
    table, dice = ordered(world), world.dice("notes of orders")
    rows = told(world).iloc[table["deal"]]
    came = rows["ordered"].to_numpy()
    later = np.minimum(came + dice.integers(*USER_DAYS, len(table)), rows["until"].to_numpy())
    day = during(dice, came, later)
    names = end_users(world)
    says = np.where(table["identified"] == 1, [USER.format(name) for name in names], NO_USER)
    noted = (table["identified"] >= 0).to_numpy() & (rows["pipeline"] == PROJECTS).to_numpy()
    return _rows(table["deal"].to_numpy()[noted], day[noted], says[noted])


def _of_one_deal(world: World) -> pd.DataFrame:
    """The largest committed deal, whose champion went away."""
    deal = np.flatnonzero(told(world)["champion_left"])
    return _rows(deal, np.full(len(deal), world.last - LONG_AGO + 9), GONE)
