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
from revops_site.kernel.world.moments import workdays
from revops_site.kernel.world.names import SECOND

BROKEN = 0.10
DAYS_TO_MQL, DAYS_TO_SQL, DAYS_TO_DEAL = (0, 4), (1, 12), (1, 9)
VIDEO_COST_PER_CLICK = 7.5
NEVER = 1 << 40
OUTAGE = 0.12
AREAS = ("North", "South", "East", "West", "Central", "Coast", "Metro", "Valley")
CHANNEL = {channel.name: channel for channel in CHANNELS}


@lru_cache(maxsize=2)
def lines(world: World) -> pd.DataFrame:
    """What marketing runs: a row per campaign, segment and geo; its index is ``line``.

    Columns: channel, campaign, segment, geo; for a usual weekday at ``as_of``: leads, clicks
    (counts) and spend (money); ctr, quality, winning as the channel has them; story, the name of
    the campaign in ``CAMPAIGNS``.
    """
    rows = []
    for campaign, name in _campaigns(world):
        channel = CHANNEL[campaign.channel]
        for segment in campaign.segments:
            terms = channel.terms[segment]
            usual = _weekday(campaign, segment, channel, terms)
            geos = sum(GEO_WEIGHTS[geo] for geo in campaign.geos)
            for geo in campaign.geos:
                share = world.scale.volume * GEO_WEIGHTS[geo] / geos
                where = (channel.name, name, segment, geo)
                amounts = (amount * share for amount in usual)
                kind = (channel.ctr, terms.quality, terms.winning, campaign.name)
                rows.append((*where, *amounts, *kind))
    columns = "channel campaign segment geo leads spend clicks ctr quality winning story"
    return pd.DataFrame(rows, columns=columns.split())


def _campaigns(world: World) -> list[tuple[Campaign, str]]:
    """The shard's campaigns and their names: those of the company, once for every theme."""
    first = world.shard * world.scale.themes
    return [
        (campaign, f"{campaign.name} - {_theme(place)}" if place else campaign.name)
        for place in range(first, first + world.scale.themes)
        for campaign in CAMPAIGNS
        if not (place and campaign.budget)
    ]


def _theme(place: int) -> str:
    """Whom a copy of a campaign is aimed at; 448 of them are different."""
    industries = SECOND.split()
    return f"{industries[place % len(industries)]} {AREAS[place // len(industries) % len(AREAS)]}"


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
    for campaign, name in _campaigns(world):
        on = seasons.running(world, campaign.since, campaign.months)
        drift = seasons.drift(world, f"drift {campaign.channel} {name}", 0.09)
        row = usual * on * drift * seasons.week(days, CHANNEL[campaign.channel].weekend)
        rows += [row] * (len(campaign.segments) * len(campaign.geos))
    return np.vstack(rows)


@lru_cache(maxsize=2)
def leads(world: World) -> pd.DataFrame:
    """One row per lead, the prologue's included.

    Columns: line, segment (codes of ``lines`` and of ``SEGMENTS``), lead, mql, sql, opportunity:
    the numbered day of each step, ``NEVER`` where it was not taken. Days after ``as_of`` are days
    that nobody can know of yet. Machines qualify on any day, people on workdays.
    """
    table = lines(world)
    dice = world.dice("leads")
    rate = table["leads"].to_numpy()[:, None] * activity(world)
    rate[:, number(world.outage_day) - world.last - 1] *= OUTAGE
    counts = dice.poisson(rate)
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
        day = day if name == "mql" else workdays(day)
        reached = reached & took[:, step]
        steps[name] = np.where(reached, day, NEVER)
    return pd.DataFrame({"line": line, "segment": segment, **steps})


def _cells(shape: tuple[int, ...]) -> tuple[Days, Days]:
    rows, columns = np.indices(shape)
    return rows.ravel(), columns.ravel()
