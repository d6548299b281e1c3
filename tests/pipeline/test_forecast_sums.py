"""A forecast's gap, coverage, range and chances hold what they promise, whatever the deals."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.analytics import chances, distribution, forecast
from pipeline.analytics.distribution import of_sum, seed_of

money = st.floats(0, 1e8).map(lambda value: round(value, 2))
some_deals = st.lists(st.tuples(st.floats(1, 1e6), st.floats(0, 1)), max_size=40)


@settings(max_examples=1000)
@given(st.floats(1, 1e8), money, money, money)
def test_a_gap_below_zero_is_a_share_above_zero(
    target: float, won: float, more: float, pipeline: float
) -> None:
    found = forecast.gaps(target, won, won + more, pipeline)
    assert found["gap_to_target"] == pytest.approx(won + more - target)
    assert found["gap_pct"] * target == pytest.approx(-found["gap_to_target"], abs=1e-6)
    assert (found["coverage_ratio"] is None) == (won >= target)
    assert found["coverage_ratio"] is None or found["coverage_ratio"] >= 0
    if won + more >= target or won >= target:
        assert found["risk_level"] == "Low"


def test_without_a_target_nothing_is_said_of_it() -> None:
    assert set(forecast.gaps(None, 5.0, 9.0, 7.0).values()) == {None}
    assert forecast.gaps(0, 0, 100, 100)["gap_to_target"] == 100
    assert forecast.gaps(0, 0, 100, 100)["risk_level"] is None


@given(money, some_deals)
def test_quantiles_rise_and_the_low_end_is_never_below_what_is_won(
    won: float, deals: list[tuple[float, float]]
) -> None:
    frame = pd.DataFrame(deals, columns=["amount", "p"])
    said = won + float((frame["amount"] * frame["p"]).sum())
    found = forecast.distribution(won, frame, seed=1)
    quantiles = [found.quantile(share) for share in (0.01, 0.1, 0.5, 0.9, 0.99)]
    assert quantiles == sorted(quantiles)
    assert found.chances.sum() == pytest.approx(1)
    low, high = forecast.interval(found, won, said, 1.25)
    assert won <= low + 1e-6
    assert low <= said + 1e-6
    assert said <= high + 1e-6
    assert found.at_least(won) == pytest.approx(1)


def test_draws_tell_what_the_exact_sum_tells() -> None:
    amounts, odds = np.linspace(1000, 90_000, 18), np.linspace(0.1, 0.9, 18)
    exact = of_sum(5000.0, amounts, odds, 3)
    drawn = distribution._drawn(5000.0, amounts, odds, 3)
    assert drawn.mean == pytest.approx(exact.mean, rel=0.01)
    assert drawn.sd == pytest.approx(exact.sd, rel=0.02)
    for share in (0.1, 0.5, 0.9):
        assert drawn.quantile(share) == pytest.approx(exact.quantile(share), rel=0.02)


def test_thousands_of_deals_are_drawn_with_their_mean_and_spread() -> None:
    dice = np.random.default_rng(1)
    amounts, odds = dice.lognormal(9, 1, 5000), dice.random(5000)
    found = of_sum(0.0, amounts, odds, 7)
    assert found.mean == pytest.approx(amounts @ odds, rel=0.01)
    assert found.sd == pytest.approx(np.sqrt(amounts**2 @ (odds * (1 - odds))), rel=0.03)


def test_the_same_day_quarter_and_team_give_the_same_draws() -> None:
    amounts, odds = np.linspace(1000, 90_000, 60), np.linspace(0.1, 0.9, 60)
    seed = seed_of(date(2025, 5, 5), "Q2 2025", "EMEA")
    assert seed == seed_of(date(2025, 5, 5), "Q2 2025", "EMEA")
    assert seed != seed_of(date(2025, 5, 5), "Q2 2025", "APAC")
    once, again = of_sum(0.0, amounts, odds, seed), of_sum(0.0, amounts, odds, seed)
    assert once.quantile(0.1) == again.quantile(0.1)
    assert (once.values == again.values).all()


def test_a_deal_without_a_category_has_that_of_its_chance() -> None:
    given_ = pd.DataFrame(
        {
            "forecast_category": ["", None, "Most likely", " best CASE ", "omitted", "", "Closed"],
            "chance": [0.8, 0.5, 0.1, 0.1, 0.9, np.nan, 0.2],
        }
    )
    expected = ["Commit", "Best Case", "Commit", "Best Case", "Omitted", "Pipeline", "Pipeline"]
    assert forecast.categories(given_).tolist() == expected


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0, 1))
def test_a_learned_chance_lies_between_what_was_seen_and_what_the_stage_says(
    won: int, lost: int, usual: float
) -> None:
    cells = pd.DataFrame(
        [{"stage_name": "Demo", "bucket": "15-30", "health": "ok", "won": won, "n": won + lost}]
    )
    deal = {"stage_name": "Demo", "stage_probability": usual, "days_left": 20, "health_score": 80}
    found = chances.learned(pd.DataFrame([deal]), cells)["p"].iloc[0]
    seen = won / (won + lost) if won + lost else usual
    assert min(seen, usual) - 1e-9 <= found <= max(seen, usual) + 1e-9


def test_required_coverage_is_what_a_unit_won_took() -> None:
    past = pd.DataFrame({"amount": [100.0, 300.0], "won_amount": [50.0, 50.0]})
    assert forecast.required_coverage(past, 0.5) == 4
    assert forecast.required_coverage(past.iloc[:0], 0.25) == 4
    assert forecast.required_coverage(past.iloc[:0], None) is None
