"""A win rate rises or falls only where chance would hardly make it so."""

from __future__ import annotations

import numpy as np

from coaching.analytics.trend import IMPROVING, STABLE, WORSENING, trend


def test_a_rate_that_doubled_and_stayed_is_improving() -> None:
    found = trend([(2, 20), (2, 20), (1, 20), (3, 20), (2, 20), (8, 20), (9, 20), (8, 20)])
    assert found is not None
    assert (found.word, found.before, found.lately) == (IMPROVING, (8, 80), (27, 80))


def test_the_other_way_round_it_is_worsening() -> None:
    found = trend([(8, 20), (9, 20), (8, 20), (2, 20), (1, 20), (2, 20)])
    assert found is not None
    assert found.word == WORSENING


def test_of_few_quarters_or_deals_nothing_is_said() -> None:
    assert trend([(0, 30), (5, 30), (20, 30)]) is None
    assert trend([(0, 2), (1, 2), (2, 2), (2, 2)]) is None
    assert trend([(0, 30), (0, 30), (1, 30), (2, 30)]) is None
    assert trend([]) is None


def test_chance_alone_is_called_a_trend_in_one_of_twenty_at_most() -> None:
    chance = np.random.default_rng(8)
    called = 0
    for _ in range(2_000):
        decided = chance.integers(15, 45, 8)
        won = chance.binomial(decided, 0.22)
        found = trend([(float(a), float(b)) for a, b in zip(won, decided, strict=True)])
        called += found is not None and found.word != STABLE
    assert called <= 0.05 * 2_000
