"""The calendar of demand: growth, months, the days around New Year, weekends."""

from __future__ import annotations

import numpy as np

from revops_site.kernel.world.frame import Days, Numbers, World, number

YEARLY_GROWTH = 1.25
# January to December: strong ends of quarters, a thin August, a short December.
MONTHS = (0.95, 1.00, 1.09, 0.97, 1.01, 1.09, 0.92, 0.76, 1.10, 1.03, 1.06, 0.97)
HOLIDAYS = 0.38
FRIDAY, SATURDAY = 4, 5
THURSDAY = 3  # the weekday of numpy's day 0


def growth(world: World, days: Days) -> Numbers:
    """What a day would be beside ``as_of`` if every year were a quarter above the one before."""
    grown: Numbers = np.power(YEARLY_GROWTH, (days - world.last) / 365.25)
    return grown


def year(days: Days) -> Numbers:
    """The season's factor: months that run into each other, and the quiet days at New Year."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    of_year = (months - dates.astype("datetime64[Y]")).astype(np.int64)
    of_month = (dates - months).astype(np.int64)
    middles = np.arange(-1, 13) + 0.5
    factors = np.interp(of_year + of_month / 31, middles, (MONTHS[-1], *MONTHS, MONTHS[0]))
    quiet = ((of_year == 11) & (of_month >= 20)) | ((of_year == 0) & (of_month < 2))
    season: Numbers = np.where(quiet, factors * HOLIDAYS, factors)
    return season


def week(days: Days, weekend: float) -> Numbers:
    """The weekday's factor: Fridays are a little slower, weekends as the channel has them."""
    weekday = (days + THURSDAY) % 7
    return np.where(weekday >= SATURDAY, weekend, np.where(weekday == FRIDAY, 0.92, 1.0))


def drift(world: World, topic: str, size: float) -> Numbers:
    """A slow wander around 1 over the world's days: no channel is the same every month."""
    days = world.days
    knots = np.arange(days[0], days[-1] + 29, 28)
    steps = world.dice(topic).normal(0.0, size, len(knots))
    return np.exp(np.interp(days, knots, steps))


def quarter_start(days: Days) -> Days:
    """The first day of the calendar quarter that each day lies in."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (months - months % 3).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def running(world: World, since: int | None, months: tuple[int, ...]) -> Numbers:
    """1 on the days on which a campaign runs, 0 on the others; see ``company.Campaign``."""
    days = world.days
    on = np.ones(len(days), dtype=bool)
    if since is not None:
        on &= days >= number(world.month(since))
    if months:
        of_year = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        on &= np.isin(of_year, months)
    return on.astype(np.float64)
