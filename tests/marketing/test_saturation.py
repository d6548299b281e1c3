"""The curve of diminishing returns finds what was planted, and is silent on noise."""

from __future__ import annotations

import numpy as np
import pytest

from marketing.analytics.saturation import LEAST_POINTS, fit


def planted(seed: int, n: int = 60, noise: float = 0.06) -> tuple[np.ndarray, np.ndarray]:
    dice = np.random.default_rng(seed)
    spend = dice.uniform(500, 12_000, n)
    gain = 90_000 * spend / (spend + 3_000)
    return spend, gain * dice.lognormal(0, noise, n)


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_curve_is_found_with_its_marginal_return(seed: int) -> None:
    spend, gain = planted(seed)
    found = fit(spend, gain, 6_000.0)
    true = 90_000 * 3_000 / (6_000 + 3_000) ** 2
    assert not found.reason
    assert found.marginal == pytest.approx(true, rel=0.25)
    assert found.low < found.marginal < found.high
    assert found.at(np.array([6_000.0]))[0] == pytest.approx(60_000, rel=0.1)


def test_shuffled_data_give_a_curve_at_most_one_time_in_twenty() -> None:
    told = 0
    for seed in range(100):
        spend, gain = planted(seed % 10, noise=0.3)
        shuffled = np.random.default_rng(1000 + seed).permutation(gain)
        told += not fit(spend, shuffled, 6_000.0).reason
    assert told <= 5


def test_a_straight_line_is_not_called_a_curve() -> None:
    told = 0
    for seed in range(40):
        dice = np.random.default_rng(seed)
        spend = dice.uniform(500, 12_000, 60)
        told += not fit(spend, 5 * spend + dice.normal(0, 4_000, 60), 6_000.0).reason
    assert told <= 4


def test_it_says_why_it_is_silent() -> None:
    spend, gain = planted(1)
    assert "Too few points" in fit(spend[: LEAST_POINTS - 1], gain[: LEAST_POINTS - 1], 1.0).reason
    flat = np.linspace(1_000.0, 1_060.0, 60)
    assert "varied too little" in fit(flat, gain, 1_000.0).reason


def test_the_same_points_give_the_same_interval() -> None:
    assert fit(*planted(3), 6_000.0) == fit(*planted(3), 6_000.0)
