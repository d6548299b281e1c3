"""Pretend touches: what people met before they became a lead, before their deal and during it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from revops_site.kernel.world import World
from revops_site.kernel.world.accounts import accounts
from revops_site.kernel.world.company import FACEBOOK, SEGMENTS, WEBINARS
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.frame import Days, Texts, number
from revops_site.kernel.world.leads import BROKEN, NEVER, activity, leads, lines
from revops_site.kernel.world.moments import instants, office_seconds

DIRECT = "Direct"
DIRECT_SHARE = 0.08
COLD_SHARE = 1.2  # of touches beside the first of leads that came to nothing
BEFORE_DAYS = 45
A_DAY_DURING = 0.035  # of touches of an open deal
LONGEST_DAYS = 240
BEFORE, LEAD, DURING = 0, 1, 2
TYPES = {
    "Google Ads": "click",
    "LinkedIn": "click",
    "Facebook Ads": "click",
    "Content Marketing": "download",
    "Organic Search": "visit",
    "Referral": "meeting",
    WEBINARS: "webinar",
    DIRECT: "visit",
}
FORM = "form"
NURTURE = ("mail", "event", "webinar", "mail")


def touchpoints(world: World) -> pd.DataFrame:
    """One row per touch, in the order of time: of leads that a rep accepted, and of deals.

    The touch that made somebody a lead stands on the day that the marketing file counts the lead,
    with the same campaign. Touches before the files begin are left out.
    """
    touched = pd.concat(
        [_of_deals(world), _of_lost_leads(world), _during(world)], ignore_index=True
    )
    touched = touched[touched["day"].between(world.first, world.last)].reset_index(drop=True)
    dice = world.dice("touches")
    line = _lines(world, dice, touched)
    touched["second"] = office_seconds(dice, touched["geo"])
    order = np.lexsort((touched["second"], touched["day"]))
    touched, line = touched.iloc[order], line[order]
    return _written(world, dice, touched, line)


def _of_deals(world: World) -> pd.DataFrame:
    """The touches before each deal that is told of; the first of a lead's made it a lead."""
    found = deals(world)
    found = found[found["told"]]
    count = found["touches"].to_numpy()
    touched = _repeated(found, count)
    first = _first_of(count)
    lead_day = np.full(len(touched), -1)
    inbound = touched["lead"].to_numpy() >= 0
    lead_day[inbound] = leads(world)["lead"].to_numpy()[touched["lead"].to_numpy()[inbound]]
    start = np.where(inbound, lead_day, touched["created"]) - BEFORE_DAYS
    lots = world.dice("touches before").random(len(touched))
    day = start + np.floor(lots * (touched["created"] - start)).astype(np.int64)
    made = first & inbound
    touched["day"] = np.where(made, lead_day, day)
    touched["when"] = np.where(made, LEAD, BEFORE)
    return touched


def _during(world: World) -> pd.DataFrame:
    """Further touches while a deal is being sold: the longer it takes, the more."""
    found = deals(world)
    found = found[found["told"]]
    dice = world.dice("touches during")
    end = np.minimum(found["closed"], world.last) - found["created"]
    span = np.minimum(end, LONGEST_DAYS).to_numpy()
    count = dice.poisson(np.maximum(0, span) * A_DAY_DURING)
    touched = _repeated(found, count)
    lots = dice.random(len(touched))
    touched["day"] = touched["created"] + np.floor(lots * np.repeat(span, count)).astype(np.int64)
    touched["when"] = DURING
    return touched


def _of_lost_leads(world: World) -> pd.DataFrame:
    """The touches of leads that a rep accepted and that no deal came of."""
    people = leads(world)
    people = people[(people["sql"] <= world.last) & (people["opportunity"] == NEVER)]
    dice = world.dice("touches in vain")
    count = 1 + dice.poisson(COLD_SHARE, len(people))
    row = np.repeat(np.arange(len(people)), count)
    line = people["line"].to_numpy()[row]
    day = people["lead"].to_numpy()[row]
    made = _first_of(count)
    ago = dice.integers(0, BEFORE_DAYS, len(row))
    return pd.DataFrame(
        {
            "line": line,
            "lead": people.index.to_numpy()[row],
            "geo": lines(world)["geo"].to_numpy()[line],
            "segment": people["segment"].to_numpy()[row],
            "account": -1,
            "deal_id": "",
            "day": np.where(made, day, day - ago),
            "when": np.where(made, LEAD, BEFORE),
        }
    )


def _repeated(found: pd.DataFrame, count: NDArray[Any]) -> pd.DataFrame:
    columns = ["line", "lead", "geo", "segment", "account", "deal_id", "created"]
    row = np.repeat(np.arange(len(found)), count)
    return found[columns].iloc[row].reset_index(drop=True)


def _first_of(count: NDArray[Any]) -> NDArray[np.bool_]:
    """True for the first of each run of so many rows."""
    first = np.zeros(count.sum(), dtype=bool)
    starts = np.cumsum(count) - count
    first[starts[count > 0]] = True
    return first


def _lines(world: World, dice: np.random.Generator, touched: pd.DataFrame) -> Days:
    """What touched each: its lead's own line, else another that ran that day; -1 is direct."""
    table, busy = lines(world), activity(world)
    own = touched["line"].to_numpy()
    line = np.zeros(len(touched), dtype=np.int64)
    segment = touched["segment"].to_numpy()
    for code, each in enumerate(SEGMENTS):
        here = np.flatnonzero(segment == code)
        share = np.where(table["segment"] == each.code, table["leads"], 0.0)
        line[here] = dice.choice(len(table), len(here), p=share / share.sum())
    ran = busy[line, touched["day"].to_numpy() - world.last - 1] > 0
    line = np.where((dice.random(len(line)) < DIRECT_SHARE) | (~ran & (own < 0)), -1, line)
    mine = (touched["when"] == LEAD).to_numpy() | ~ran
    return _without_broken(world, touched, np.where(mine & (own >= 0), own, line))


def _without_broken(world: World, touched: pd.DataFrame, line: Days) -> Days:
    """The lines, but that Facebook reaches hardly a buyer any more once it is broken.

    What it counts as leads goes on; whom it would have met on the way meets something else.
    """
    table = lines(world)
    is_broken = (table["channel"] == FACEBOOK).to_numpy()
    dice = world.dice("touches instead")
    late = (touched["day"] >= number(world.facebook_breaks)) & (touched["when"] != LEAD)
    lost = late.to_numpy() & (line >= 0) & is_broken[line] & (dice.random(len(line)) > BROKEN)
    found = line.copy()
    for code, each in enumerate(SEGMENTS):
        here = np.flatnonzero(lost & (touched["segment"] == code).to_numpy())
        share = np.where((table["segment"] == each.code) & ~is_broken, table["leads"], 0.0)
        found[here] = dice.choice(len(table), len(here), p=share / share.sum())
    return found


def _written(
    world: World, dice: np.random.Generator, touched: pd.DataFrame, line: Days
) -> pd.DataFrame:
    table = lines(world)
    channel = np.append(table["channel"].to_numpy(dtype=object), DIRECT)[line]
    campaign = np.append(table["campaign"].to_numpy(dtype=object), "")[line]
    account = np.append(accounts(world)["account_id"].to_numpy(dtype=object), "")
    lead = touched["lead"].to_numpy()
    known = np.where(lead >= 0, world.ids("LEAD", lead + 1), "")
    return pd.DataFrame(
        {
            "touch_id": world.ids("TOUCH", np.arange(1, len(touched) + 1)),
            "lead_id": known,
            "account_id": account[touched["account"]],
            "deal_id": touched["deal_id"].to_numpy(),
            "channel": channel,
            "campaign": campaign,
            "segment": np.array([each.code for each in SEGMENTS], dtype=object)[touched["segment"]],
            "region": touched["geo"].to_numpy(),
            "touched_at": instants(touched["day"].to_numpy(), touched["second"].to_numpy()),
            "type": _types(dice, touched["when"].to_numpy(), channel),
        }
    )


def _types(dice: np.random.Generator, when: NDArray[Any], channel: Texts) -> Texts:
    codes, names = pd.factorize(channel)
    usual = np.array([TYPES[name] for name in names], dtype=object)[codes]
    nurture = np.array(NURTURE, dtype=object)[dice.integers(0, len(NURTURE), len(when))]
    mild = (channel == DIRECT) | (channel == WEBINARS) | (channel == "Referral")
    types: Texts = np.select([when == LEAD, (when == DURING) & ~mild], [FORM, nurture], usual)
    return types
