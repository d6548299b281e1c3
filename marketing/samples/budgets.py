"""Pretend budgets: what each campaign was meant to spend, month by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from revops_site.kernel.world import World, company, seasons
from revops_site.kernel.world.frame import MONTHS, Days, Numbers
from revops_site.kernel.world.leads import CHANNEL, lines

ROUNDED = 50.0  # money is planned in round sums
HOPES = 0.05  # by how much plans differ from what is usual


def marketing_budgets(world: World) -> pd.DataFrame:
    """One row per month and paid campaign, up to the end of the quarter of ``as_of``.

    A plan knows the seasons and the growth that was hoped for, not the drift of each campaign. The
    campaign that somebody began without asking has no budget.
    """
    table = lines(world)
    by = ["channel", "campaign", "story"]
    planned = table.groupby(by, sort=False)["spend"].sum().reset_index().to_numpy().tolist()
    rules = {(each.channel, each.name): each for each in company.CAMPAIGNS}
    dice = world.dice("budgets")
    ahead = 2 - (world.as_of.month - 1) % 3  # months of the quarter that are still to come
    rows = []
    for back in range(MONTHS - 1, -ahead - 1, -1):
        first = world.month(back)
        days = np.arange(
            np.datetime64(first, "D"), np.datetime64(world.month(back - 1), "D")
        ).astype(np.int64)
        for channel, campaign, story, usual in planned:
            rule = rules[(channel, story)]
            if not usual or rule.budget or not _runs(world, rule, back):
                continue
            amount = usual * float(_busy(world, channel, days).sum()) * dice.lognormal(0.0, HOPES)
            rows.append((f"{first:%Y-%m}", channel, campaign, round(amount / ROUNDED) * ROUNDED))
    return pd.DataFrame(rows, columns=["month", "channel", "campaign", "amount"])


def _busy(world: World, channel: str, days: Days) -> Numbers:
    usual: Numbers = seasons.growth(world, days) * seasons.year(days)
    return usual * seasons.week(days, CHANNEL[channel].weekend)


def _runs(world: World, rule: company.Campaign, back: int) -> bool:
    """Whether a campaign was planned for the month so many months before that of ``as_of``."""
    begun = rule.since is None or back <= rule.since
    return begun and (not rule.months or world.month(back).month in rule.months)
