"""How a difference in each driver is called and said."""

from __future__ import annotations

from collections.abc import Mapping

from coaching.analytics.drivers import Compared, Driver
from revops_site.kernel import formats

BY_CHANCE = "Chance alone may make as much of it."
QUIET = "Ask before judging: absence, another task, or work that nobody wrote down?"
# By driver: called as a strength, and as something to improve.
TITLES: Mapping[str, tuple[str, str]] = {
    "win_rate": ("Wins often", "Wins less often"),
    "avg_deal_size": ("Wins large deals", "Wins small deals"),
    "avg_sales_cycle_days": ("Wins fast", "Takes long to win"),
    "stakeholders": ("Multi-threads", "Talks to few people in a deal"),
    "activities": ("Very active", "Less active"),
    "discount": ("Holds the price", "Discounts heavily"),
}
WENT_DARK = "Went quiet"
# {rep}, {gap} with its unit, {way}, {other}
SENTENCES: Mapping[str, str] = {
    "win_rate": "{rep} of {n} decided deals were won, {gap} {way} {whose} {other}.",
    "avg_deal_size": "A won deal is worth {rep}, {gap} {way} {whose} {other}.",
    "avg_sales_cycle_days": "A won deal takes {rep}, {gap} {way} {whose} {other}.",
    "stakeholders": "{rep} engaged contacts a deal, {gap} {way} {whose} {other}.",
    "activities": "{rep} activities a working day in 30 days, {gap} {way} {whose} {other}.",
    "discount": "Won deals go at a discount of {rep}, {gap} {way} {whose} {other}.",
}
DAYS = "avg_sales_cycle_days"


def strength_title(one: Compared) -> str:
    """What a lead in this driver is called."""
    return TITLES[one.driver.name][0]


def improvement_title(one: Compared, *, is_quiet: bool) -> str:
    """What a gap in this driver is called."""
    return WENT_DARK if is_quiet else TITLES[one.driver.name][1]


def number(driver: Driver, value: float | None, currency: str) -> str:
    """A value of a driver as a sentence has it: "84 days", "31%", "$9.9K"."""
    shown = formats.show(value, driver.show, currency)
    if driver.name != DAYS or value is None:
        return shown
    days = formats.show(value, "integer")
    return f"{days} {'day' if days == '1' else 'days'}"


def detail(one: Compared, *, beside_top: bool, currency: str) -> str:
    """The difference as a sentence: the rep's value, how far it is apart, and the other one."""
    driver, rep, other = one.driver, one.rep_value or 0.0, one.top_performer_value or 0.0
    apart = abs(rep - other)
    if driver.format_type == "percent":
        points = formats.show(apart * 100, "integer")
        gap = f"{points} {'pt' if points == '1' else 'pts'}"
    else:
        gap = number(driver, apart, currency)
    return SENTENCES[driver.name].format(
        rep=number(driver, rep, currency),
        n=f"{one.n:,}",
        gap=gap,
        way="above" if rep > other else "below",
        whose="the top performers’" if beside_top else "the team’s",
        other=number(driver, other, currency),
    )
