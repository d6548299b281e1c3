"""Pretend calendars: what currencies were worth, and the days on which nobody works."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from revops_site.kernel.world import World
from revops_site.kernel.world.frame import PROLOGUE_DAYS, TUESDAY, dates

WEEK = 7
# What one unit is worth in US dollars around as_of, and how far it wanders in a week.
CURRENCIES = {
    "EUR": (1.09, 0.008),
    "GBP": (1.28, 0.009),
    "CAD": (0.73, 0.006),
    "AUD": (0.66, 0.010),
    "JPY": (0.0067, 0.010),
    "SAR": (0.266667, 0.0),  # pegged
}
PULL = 0.02
FIXED = (
    (1, 1, "New Year", ""),
    (1, 26, "Australia Day", "APAC"),
    (5, 1, "Labour Day", "EMEA"),
    (7, 1, "Canada Day", "Canada"),
    (7, 4, "Independence Day", "US"),
    (11, 11, "Veterans Day", "US"),
    (12, 25, "Christmas Day", ""),
    (12, 26, "Boxing Day", "EMEA"),
    (12, 26, "Boxing Day", "Canada"),
)
MONDAY, THURSDAY = 0, 3
# Month, weekday and which one of the month, from 1.
FLOATING = (
    (1, MONDAY, 3, "Martin Luther King Day", "US"),
    (9, MONDAY, 1, "Labor Day", "US"),
    (9, MONDAY, 1, "Labour Day", "Canada"),
    (10, MONDAY, 2, "Thanksgiving", "Canada"),
    (11, THURSDAY, 4, "Thanksgiving", "US"),
)


def fx_rates(world: World) -> pd.DataFrame:
    """What each currency was worth in US dollars, every Tuesday from before the first deal.

    A wander that is pulled back to where it began.
    """
    days = np.arange(world.first - PROLOGUE_DAYS - 2 * WEEK, world.last + 1)
    days = days[(days + THURSDAY) % WEEK == TUESDAY]
    frames = []
    for currency, (usual, size) in CURRENCIES.items():
        steps = world.dice(f"rate of {currency}").normal(0.0, size, len(days))
        fading = np.exp(-PULL * np.arange(len(days)))
        wander = fading * np.cumsum(steps / fading)
        rate = np.round(usual * np.exp(wander), 6)
        frames.append(
            pd.DataFrame(
                {
                    "date": dates(days),
                    "from_currency": currency,
                    "to_currency": "USD",
                    "rate": rate,
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def holidays(world: World) -> pd.DataFrame:
    """Public holidays from two years before the files to the end of the year after them."""
    years = range(world.first_day.year - 2, world.as_of.year + 2)
    rows = [
        (date(year, month, day), name, where) for year in years for month, day, name, where in FIXED
    ]
    rows += [
        (_floating(year, month, weekday, which), name, where)
        for year in years
        for month, weekday, which, name, where in FLOATING
    ]
    frame = pd.DataFrame(sorted(rows), columns=["date", "name", "region"])
    frame["date"] = frame["date"].astype("datetime64[s]")
    return frame


def _floating(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % WEEK + WEEK * (which - 1))
