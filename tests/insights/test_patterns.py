"""Patterns: a break that was made is found, noise gives none, and no more than a few are false."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from insights.analytics import patterns
from insights.analytics.measures import NAMED
from insights.analytics.patterns import Break, Together, adjusted
from insights.analytics.series import Series
from revops_site.kernel.world import World
from revops_site.kernel.world.planted import planted
from tests.insights import scanned

SLUGS = ("spend", "leads", "mqls", "created", "activities", "ctr")


def weekly(slug: str, values: np.ndarray) -> Series:
    return Series(NAMED[slug], "", "", "week", date(2024, 6, 3), values, np.ones(len(values)))


def noise(seed: int, memory: float = 0.4, size: int = 108) -> np.ndarray:
    """Weeks that grow and remember the ones before."""
    dice = np.random.default_rng(seed)
    steps = dice.normal(0, 8, size)
    for at in range(1, size):
        steps[at] += memory * steps[at - 1]
    grown: np.ndarray = 100 * (100 + 0.2 * np.arange(size) + steps)
    return grown


def test_the_share_of_false_ones_is_that_of_benjamini_and_hochberg() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert adjusted([0.9, 0.001]) == pytest.approx([0.9, 0.002])
    assert adjusted([]) == []


def test_a_level_that_changed_is_found_in_its_week() -> None:
    values = noise(1)
    values[60:] *= 0.5
    found, _ = patterns.find([weekly("leads", values), *map(_quiet, range(2, 7))])
    (one,) = found
    assert isinstance(one.said, Break)
    assert one.said.place == 60
    assert one.said.change == pytest.approx(-0.5, abs=0.15)


def test_a_trend_and_a_small_change_are_no_break() -> None:
    grown = noise(2) * np.linspace(1, 3, 108)
    small = noise(3)
    small[60:] *= 1.12
    found, tests = patterns.find([weekly("leads", grown), weekly("mqls", small)])
    assert [one for one in found if isinstance(one.said, Break)] == []
    assert tests["break"] == 2


def test_a_series_that_follows_another_is_found_with_its_weeks_between() -> None:
    first, other = noise(4), noise(5, memory=0.0)
    other[3:] += 3.0 * (first[:-3] - first.mean())
    found, _ = patterns.find([weekly("spend", first), weekly("created", other + 20_000)])
    (one,) = found
    assert isinstance(one.said, Together)
    assert (one.series.measure.slug, one.said.lag) == ("spend", 3)
    assert one.said.rank > 0.7


def test_what_is_made_of_the_same_numbers_is_not_held_together() -> None:
    same = noise(6)
    found, tests = patterns.find([weekly("spend", same), weekly("cpl", same)])
    assert found == []
    assert tests["relation"] == 0


def test_a_series_that_changed_in_one_week_alone_is_held_beside_others() -> None:
    still = np.full(108, 50.0)
    still[-1] = 400.0
    (said, *_) = patterns.together(weekly("leads", still), weekly("activities", noise(4)))
    assert 0.0 < said.p <= 1.0


def test_shuffled_weeks_give_hardly_a_pattern() -> None:
    """Of ten companies whose weeks were dealt anew, all series apart."""
    real = [one for one in scanned.weeks(World(seed=7)) if not one.silence]
    dice, told, tests = np.random.default_rng(7), 0, 0
    for _ in range(10):
        dealt = [replace(one, values=dice.permutation(one.values)) for one in real]
        found, made = patterns.find(dealt)
        told, tests = told + len(found), tests + sum(made.values())
    assert tests > 3_000
    assert told <= 0.05 * tests
    assert told <= 2, "and far fewer than that"


def test_series_that_only_remember_themselves_give_hardly_a_pattern() -> None:
    told = 0
    for seed in range(10):
        weeks = [weekly(slug, noise(100 * seed + nth)) for nth, slug in enumerate(SLUGS)]
        told += len(patterns.find(weeks)[0])
    assert told <= 2


def test_the_channel_that_stopped_converting_is_found_as_a_break() -> None:
    world = World(seed=7)
    found, _ = patterns.find(list(scanned.weeks(world)))
    breaks = {
        one.series.key: one.series.starts[one.said.place]
        for one in found
        if isinstance(one.said, Break)
    }
    (meant,) = (one for one in planted(world) if one.kind == "break")
    at = breaks[(meant.series, meant.by, meant.part)]
    assert abs(at - meant.day) <= timedelta(days=14)


def _quiet(seed: int) -> Series:
    return weekly(SLUGS[seed - 1], noise(seed))
