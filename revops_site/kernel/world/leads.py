"""Who became a lead, through which campaign, and how far each came on the way to a deal."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from revops_site.kernel.world import company, seasons
from revops_site.kernel.world.company import (
    CAMPAIGNS,
    CHANNELS,
    GEO_WEIGHTS,
    SEGMENTS,
    Campaign,
    Channel,
    Terms,
)
from revops_site.kernel.world.frame import Days, Flags, Numbers, World, number

BROKEN = 0.10
DAYS_TO_MQL, DAYS_TO_SQL, DAYS_TO_DEAL = (0, 4), (1, 12), (1, 9)
VIDEO_COST_PER_CLICK = 7.5
NEVER = 1 << 40
CHANNEL = {channel.name: channel for channel in CHANNELS}


@lru_cache(maxsize=1)
def lines() -> pd.DataFrame:
    """What marketing runs: a row per campaign, segment and geo; its index is ``line``.

    Columns: channel, campaign, segment, geo; for a usual weekday at ``as_of``: leads, clicks
    (counts) and spend (money); ctr, quality, winning as the channel has them.
    """
    rows = []
    for campaign in CAMPAIGNS:
        channel = CHANNEL[campaign.channel]
        for segment in campaign.segments:
            terms = channel.terms[segment]
            usual = _weekday(campaign, segment, channel, terms)
            geos = sum(GEO_WEIGHTS[geo] for geo in campaign.geos)
            for geo in campaign.geos:
                share = GEO_WEIGHTS[geo] / geos
                where = (channel.name, campaign.name, segment, geo)
                amounts = (amount * share for amount in usual)
                rows.append((*where, *amounts, channel.ctr, terms.quality, terms.winning))
    columns = "channel campaign segment geo leads spend clicks ctr quality winning"
    return pd.DataFrame(rows, columns=columns.split())


def _weekday(
    campaign: Campaign, segment: str, channel: Channel, terms: Terms
) -> tuple[float, float, float]:
    """Leads, spend and clicks of a campaign in a segment, all geos together."""
    if campaign.budget:
        return 0.0, campaign.budget, campaign.budget / VIDEO_COST_PER_CLICK
    shares = [
        each.share
        for each in CAMPAIGNS
        if each.channel == channel.name and segment in each.segments
    ]
    leads = terms.leads * campaign.share / sum(shares)
    return leads, leads * terms.cpl, leads / channel.leads_per_click


@lru_cache(maxsize=2)
def activity(world: World) -> Numbers:
    """How busy each line is on each of the world's days, beside a usual weekday at ``as_of``."""
    days = world.days
    usual = seasons.growth(world, days) * seasons.year(days)
    rows = []
    for campaign in CAMPAIGNS:
        on = seasons.running(world, campaign.since, campaign.months)
        drift = seasons.drift(world, f"drift {campaign.channel} {campaign.name}", 0.09)
        row = usual * on * drift * seasons.week(days, CHANNEL[campaign.channel].weekend)
        rows += [row] * (len(campaign.segments) * len(campaign.geos))
    return np.vstack(rows)


@lru_cache(maxsize=2)
def leads(world: World) -> pd.DataFrame:
    """One row per lead, the prologue's included.

    Columns: line, segment (codes of ``lines`` and of ``SEGMENTS``), lead, mql, sql, opportunity:
    the numbered day of each step, ``NEVER`` where it was not taken. Days after ``as_of`` are days
    that nobody can know of yet.
    """
    table = lines()
    dice = world.dice("leads")
    counts = dice.poisson(table["leads"].to_numpy()[:, None] * activity(world))
    line, offset = (np.repeat(axis, counts.ravel()) for axis in _cells(counts.shape))
    day = world.days[offset]
    codes = {segment.code: code for code, segment in enumerate(SEGMENTS)}
    segment = table["segment"].map(codes).to_numpy()[line]
    chances = np.array([each.qualify for each in SEGMENTS])[segment]
    chances[:, 0] *= table["quality"].to_numpy()[line]
    broken = (table["channel"] == company.FACEBOOK).to_numpy()[line]
    chances[broken & (day >= number(world.facebook_breaks)), 0] *= BROKEN
    took = dice.random(chances.shape) < chances
    steps = {"lead": day}
    reached: Flags = np.ones(len(day), dtype=bool)
    spans = (("mql", DAYS_TO_MQL), ("sql", DAYS_TO_SQL), ("opportunity", DAYS_TO_DEAL))
    for step, (name, (shortest, longest)) in enumerate(spans):
        day = day + dice.integers(shortest, longest + 1, len(day))
        reached = reached & took[:, step]
        steps[name] = np.where(reached, day, NEVER)
    return pd.DataFrame({"line": line, "segment": segment, **steps})


def _cells(shape: tuple[int, ...]) -> tuple[Days, Days]:
    rows, columns = np.indices(shape)
    return rows.ravel(), columns.ravel()
