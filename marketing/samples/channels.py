"""Pretend marketing days: what each campaign cost, showed and brought, day by day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from revops_site.kernel.world import World, company, seasons
from revops_site.kernel.world.deals import deals
from revops_site.kernel.world.frame import Days, Numbers, dates, number
from revops_site.kernel.world.leads import activity, leads, lines

SPEND_NOISE = 0.07
REACH_NOISE = 0.12
SPIKE, SPIKE_CLICKS = 10.0, 2.5
DECLINED, BOTS = 0.03, 6
CREDIT_DAYS = 28
FUNNEL = ("leads", "MQLs", "SQLs", "opportunities", "closed_won")


def marketing_channels(world: World) -> pd.DataFrame:
    """One row per day and line (channel, campaign, segment, geo) on which anything happened.

    Counts stand on the day of the event, so a late win may stand without spend. CAC and CPL
    divide by a count of at least 1; CTR is clicks by impressions, CVR_stagewise leads by clicks,
    0 without them. ROI, in percent, credits what a line's deals brought to its spend of the same
    28 days; it is empty without spend.
    """
    table = lines(world)
    measures = {**_delivery(world, table), **_funnel(world, len(table))}
    day, line = np.nonzero(np.any(list(measures.values()), axis=0).T)
    frame = pd.DataFrame({"date": dates(world.first + day)})
    for column in ("channel", "campaign", "segment", "geo"):
        frame[column] = table[column].to_numpy()[line]
    for column, values in measures.items():
        frame[column] = values[line, day]
    frame["CAC"] = (frame["spend"] / frame["closed_won"].clip(lower=1)).round(2)
    frame["CPL"] = (frame["spend"] / frame["leads"].clip(lower=1)).round(2)
    frame["CTR"] = (frame["clicks"] / frame["impressions"].clip(lower=1)).round(4)
    frame["CVR_stagewise"] = (frame["leads"] / frame["clicks"].clip(lower=1)).round(4)
    frame["ROI"] = _return_on_spend(world, frame["spend"], line, world.first + day)
    return frame


def _delivery(world: World, table: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Spend (to the cent), impressions and clicks of each line on each day of the files."""
    busy = activity(world)[:, world.first - world.last - 1 :]
    dice = world.dice("delivery")
    spend = table["spend"].to_numpy()[:, None] * busy
    spend *= dice.lognormal(0.0, SPEND_NOISE, busy.shape)
    expected = table["clicks"].to_numpy()[:, None] * busy
    spike = (table["story"] == company.SPIKE_CAMPAIGN).to_numpy()
    day = number(world.spike_day)
    grown = seasons.growth(world, np.array([day]))
    spend[spike, day - world.first] = SPIKE * table["spend"].to_numpy()[spike] * grown
    expected[spike, day - world.first] *= SPIKE_CLICKS
    clicks = dice.poisson(expected)
    reach = expected / table["ctr"].to_numpy()[:, None]
    impressions = np.round(reach * dice.lognormal(0.0, REACH_NOISE, busy.shape)).astype(np.int64)
    channel = table["channel"].to_numpy()
    paid = channel == company.LINKEDIN, number(world.declined_day) - world.first
    spend[paid] *= DECLINED
    clicks[paid] = np.round(clicks[paid] * DECLINED).astype(np.int64)
    impressions[paid] = np.round(impressions[paid] * DECLINED).astype(np.int64)
    impressions[channel == company.FACEBOOK, number(world.bots_day) - world.first] *= BOTS
    people = leads(world)
    clicks = np.maximum(clicks, _tally(world, len(table), people["line"], people["lead"]))
    return {
        "spend": np.round(spend, 2),
        "impressions": np.maximum(impressions, clicks),
        "clicks": clicks,
    }


def _funnel(world: World, count: int) -> dict[str, NDArray[Any]]:
    """How many reached each stage of the funnel, per line and day of the files."""
    people = leads(world)
    found = _credited(world)
    won = found[found["won"]]
    events = (
        (people["line"], people["lead"]),
        (people["line"], people["mql"]),
        (people["line"], people["sql"]),
        (found["line"], found["created"]),
        (won["line"], won["closed"]),
    )
    return {
        name: _tally(world, count, line, day)
        for name, (line, day) in zip(FUNNEL, events, strict=True)
    }


def _credited(world: World) -> pd.DataFrame:
    found = deals(world)
    return found[found["line"] >= 0]


def _tally(world: World, count: int, line: pd.Series[int], day: pd.Series[int]) -> Days:
    """Events per line and day, those before and after the files' days left out."""
    known = day.between(world.first, world.last)
    width = world.last - world.first + 1
    place = line[known] * width + day[known] - world.first
    return np.bincount(place, minlength=count * width).reshape(count, width)


def _return_on_spend(world: World, spend: pd.Series[float], line: Days, day: Days) -> Numbers:
    """ROI of each row: a line's spend of 28 days shares what was won in them."""
    found = _credited(world)
    won = found[found["won"] & found["closed"].between(world.first, world.last)]
    revenue = won.groupby([won["line"], (world.last - won["closed"]) // CREDIT_DAYS])["amount"]
    block = pd.MultiIndex.from_arrays([line, (world.last - day) // CREDIT_DAYS])
    money = spend.groupby([block.get_level_values(0), block.get_level_values(1)]).transform("sum")
    brought = revenue.sum().reindex(block, fill_value=0.0).to_numpy()
    paid = spend.to_numpy() > 0
    roi = np.full(len(spend), np.nan)
    roi[paid] = np.round((brought[paid] / money.to_numpy()[paid] - 1) * 100, 2)
    return roi
