"""What the models of attribution promise, whatever the journeys are."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketing.analytics import attribution, markov
from marketing.analytics.attribution import DIRECT, RULES, UNATTRIBUTED, Terms

CHANNELS = ["Ads", "Mail", "Events", DIRECT]
TOUCHES = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(CHANNELS), st.integers(-30, 400)), max_size=60
)
TERMS = st.builds(Terms, st.integers(0, 400), st.integers(1, 90))
JOURNEYS = st.lists(
    st.tuples(st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=6), st.booleans()),
    min_size=1,
    max_size=40,
)


def frames(touches: list[tuple[int, str, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Touches of seven deals, the oldest first, and what each deal is worth."""
    found = pd.DataFrame(touches, columns=["conversion", "channel", "age"]).assign(campaign="")
    worth = pd.DataFrame({"conversion": range(7), "value": [0.0, 1.0, 250.5, 1e9, 3.0, 77.7, 12.0]})
    typed = found.astype({"conversion": "int64", "age": "int64", "channel": "str"})
    return typed.sort_values("age", ascending=False, kind="stable"), worth


@given(TOUCHES, TERMS)
def test_credit_is_neither_made_nor_lost_nor_negative(
    touches: list[tuple[int, str, int]], terms: Terms
) -> None:
    found, worth = frames(touches)
    credit = attribution.credits_of(found, worth, terms)
    shares = credit.groupby("conversion")[list(RULES)].sum()
    assert np.allclose(shares, 1)
    assert len(shares) == len(worth)
    assert (credit[list(RULES)] >= 0).all(axis=None)
    totals = attribution.by_channel(credit, worth)[list(RULES)].sum()
    assert np.allclose(totals, worth["value"].sum(), rtol=1e-9)


@given(TOUCHES, TERMS, st.randoms())
def test_the_order_of_conversions_and_of_files_does_not_matter(
    touches: list[tuple[int, str, int]], terms: Terms, lots: st.DataObject
) -> None:
    found, worth = frames(touches)
    credit = attribution.credits_of(found, worth, terms)
    turned = found.sort_values("conversion", ascending=False, kind="stable")
    other = attribution.credits_of(turned, worth.iloc[::-1], terms)
    pd.testing.assert_frame_equal(credit, other)


@given(TOUCHES, TERMS)
def test_touches_that_are_too_old_or_came_after_the_close_change_nothing(
    touches: list[tuple[int, str, int]], terms: Terms
) -> None:
    found, worth = frames(touches)
    within = found[(found["age"] >= 0) & (found["age"] <= terms.lookback_days)]
    pd.testing.assert_frame_equal(
        attribution.credits_of(found, worth, terms), attribution.credits_of(within, worth, terms)
    )


def test_a_conversion_that_nothing_touched_is_unattributed_in_every_model() -> None:
    found, worth = frames([(1, "Ads", 500), (2, "Mail", 3)])
    credit = attribution.by_channel(attribution.credits_of(found, worth, Terms()), worth)
    (of,) = credit.set_index("channel").loc[[UNATTRIBUTED], list(RULES)].to_numpy().tolist()
    assert of == [worth["value"].sum() - 250.5] * len(RULES)


def test_touches_of_centuries_ago_still_share_by_their_age() -> None:
    found, worth = frames([(1, "Ads", 40_000), (1, "Mail", 40_007)])
    credit = attribution.credits_of(found, worth, Terms(50_000, 7)).set_index("channel")
    assert credit.loc["Ads", "time_decay"] == pytest.approx(2 / 3)


@pytest.mark.parametrize("terms", [(-1, 7), (90, 0)])
def test_terms_that_mean_nothing_are_refused(terms: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="halves in a day"):
        Terms(*terms)


def paths(journeys: list[tuple[list[str], bool]]) -> list[markov.Path]:
    return [markov.Path(tuple(path), 1, float(won)) for path, won in journeys]


def walked(journeys: list[tuple[list[str], bool]], without: str = "") -> float:
    """How likely a journey converts, by taking steps from the start until nobody is left."""
    counts: dict[str, dict[str, int]] = {}
    for path, won in journeys:
        states = ["start", *path, "won" if won else "null"]
        for before, after in itertools.pairwise(states):
            of = counts.setdefault(before, {})
            of[after] = of.get(after, 0) + 1
    at, won_by_now = {"start": 1.0}, 0.0
    while sum(at.values()) > 1e-13:
        then: dict[str, float] = {}
        for state, chance in at.items():
            total = sum(counts[state].values())
            for after, count in counts[state].items():
                part = chance * count / total
                if after == "won":
                    won_by_now += part
                elif after not in {"null", without}:
                    then[after] = then.get(after, 0.0) + part
        at = then
    return won_by_now


@given(JOURNEYS)
def test_the_chain_agrees_with_walking_through_it_step_by_step(
    journeys: list[tuple[list[str], bool]],
) -> None:
    found = markov.chain(paths(journeys), 1, 1)
    if not any(won for _, won in journeys):
        assert found.probability is None
        assert "won journeys" in found.why
        return
    assert found.probability == pytest.approx(walked(journeys), abs=1e-9)
    for channel, effect in found.removal_effect.items():
        lost = 1 - walked(journeys, channel) / walked(journeys)
        assert effect == pytest.approx(lost, abs=1e-9)
    assert sum(found.share.values()) == pytest.approx(1)
    assert min(found.share.values()) >= 0


@given(JOURNEYS, st.integers(2, 4))
def test_a_channel_that_follows_itself_changes_nothing(
    journeys: list[tuple[list[str], bool]], times: int
) -> None:
    repeated = [([one for one in path for _ in range(times)], won) for path, won in journeys]
    once, often = (markov.chain(paths(each), 1, 1) for each in (journeys, repeated))
    assert once == often


@given(JOURNEYS, st.integers(2, 9))
def test_ten_times_the_same_journeys_share_in_the_same_way(
    journeys: list[tuple[list[str], bool]], times: int
) -> None:
    once, often = (markov.chain(paths(each), 1, 1) for each in (journeys, journeys * times))
    assert often.share == pytest.approx(once.share)


def test_too_few_journeys_say_so_and_share_nothing() -> None:
    few = markov.chain(paths([(["Ads"], True)] * 99))
    assert few.why == "It takes 100 journeys with a touch, and there are 99."
    unlucky = markov.chain(paths([(["Ads"], False)] * 81 + [(["Ads"], True)] * 19))
    assert unlucky.why == "It takes 20 won journeys with a touch, and there are 19."
    assert (few.share, unlucky.share) == ({}, {})
    assert not markov.chain(paths([(["Ads"], False)] * 80 + [(["Ads"], True)] * 20)).why
