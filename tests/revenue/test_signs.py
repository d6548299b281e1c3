"""Signs before leaving are shown where chance cannot explain them; health is held to the past."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.analytics import signs, waves
from revenue.metrics.health import FACTORS, SIGNS

COUNTS = st.tuples(
    st.integers(1, 400), st.integers(0, 100), st.integers(1, 400), st.integers(0, 100)
).map(lambda four: (four[0], min(four[1], four[0]), four[2], min(four[3], four[2])))


def seen(**given: tuple[int, int, int, int]) -> pd.DataFrame:
    """One segment's counts; of signs that are not given, nobody has one."""
    row: dict[str, object] = {"segment": "SMB"}
    for sign in SIGNS:
        four = given.get(sign.name, (0, 0, 100, 5))
        parts = ("seen", "seen_left", "not", "not_left")
        row |= {f"{sign.name}_{part}": n for part, n in zip(parts, four, strict=True)}
    return pd.DataFrame([row])


def test_the_lift_of_one_segment_is_the_ratio_of_the_shares_that_left() -> None:
    found = signs.lift([(100, 30, 400, 40)])
    assert found is not None
    assert found.value == pytest.approx((30 / 100) / (40 / 400))
    # ln RR ± 1.96 sqrt(1/30 − 1/100 + 1/40 − 1/400)
    reach = np.exp(1.959963984540054 * np.sqrt(1 / 30 - 1 / 100 + 1 / 40 - 1 / 400))
    assert (found.low, found.high) == pytest.approx((3 / reach, 3 * reach))


def test_a_segment_that_leaves_more_often_is_no_sign() -> None:
    """Most with the sign are of the segment that leaves often: within it they do not more."""
    often, seldom = (900, 270, 100, 30), (100, 2, 900, 18)
    together = tuple(map(sum, zip(often, seldom, strict=True)))
    crude = (together[1] / together[0]) / (together[3] / together[2])
    found = signs.lift([often, seldom])
    assert crude > 5
    assert found is not None
    assert found.value == pytest.approx(1.0)


@given(st.lists(COUNTS, min_size=1, max_size=4))
def test_a_lift_lies_in_its_interval_and_turns_over_with_its_sides(
    strata: list[tuple[int, int, int, int]],
) -> None:
    found = signs.lift(strata)
    other = signs.lift([(c, d, a, b) for a, b, c, d in strata])
    assert (found is None) == (other is None)
    if found is not None and other is not None:
        assert found.low <= found.value <= found.high
        assert found.value == pytest.approx(1 / other.value)


def test_only_signs_that_chance_cannot_explain_are_shown() -> None:
    found = signs.signs(seen(shrank=(50, 20, 1000, 60), silent=(50, 5, 1000, 60)))
    assert list(found["sign"]) == ["Paid less"]
    assert found["n"].tolist() == [1050]
    assert found["low"][0] > 1
    assert signs.signs(seen(shrank=(8, 4, 1000, 60))).empty, "too few of them left"


def test_chance_alone_shows_a_sign_seldom() -> None:
    dice = np.random.default_rng(3)
    shown = 0
    for _ in range(200):
        four = {
            one.name: (200, int(dice.binomial(200, 0.06)), 800, int(dice.binomial(800, 0.06)))
            for one in SIGNS
        }
        shown += len(signs.signs(seen(**four)))
    assert shown <= 12


def test_health_that_did_not_tell_who_left_is_said_so() -> None:
    now = pd.DataFrame({"band": ["Healthy", "Critical"], "customers": [9, 1], "mrr": [90.0, 5.0]})
    past = pd.DataFrame(
        {"band": ["Healthy", "At Risk", "Critical"], "customers": [100, 50, 40], "left": [2, 10, 4]}
    )
    found = signs.calibrated(now, past)
    assert found["band"].tolist() == ["Healthy", "At Risk", "Critical"]
    assert found["share"].tolist() == pytest.approx([0.02, 0.2, 0.1])
    assert signs.tells(found) == (True, ""), "Critical ones are too few to say otherwise"
    past["customers"], past["left"] = [100, 500, 400], [2, 100, 10]
    told = signs.tells(signs.calibrated(now, past))
    assert told == (False, "more At Risk customers left than Critical ones")
    past["left"] = [2, 12, 9]
    assert signs.tells(signs.calibrated(now, past)) == (False, ""), "no more than chance"


def test_the_weights_of_health_come_to_a_hundred() -> None:
    assert sum(one.most for one in FACTORS) == 100


def months_of(counts: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    days = pd.date_range("2024-01-01", periods=len(counts), freq="MS")
    left = pd.DataFrame(
        [(day, "SMB", "Support", n, 1.0) for day, n in zip(days, counts, strict=True)],
        columns=["month", "segment", "reason", "count", "mrr_lost"],
    )
    return left, pd.DataFrame({"month": days, "starting_customers": 400})


def test_a_wave_is_named_with_whom_it_took_and_why() -> None:
    left, present = months_of([6, 5, 7, 6, 5, 8, 6, 5, 7, 6, 5, 6])
    extra = left.iloc[[7, 8]].assign(segment="MM", reason="Price", count=[20, 18])
    (found,) = waves.waves(pd.concat([left, extra]), present)
    assert (found.first.month, found.last.month) == (8, 9)
    assert (found.segment, found.reason, found.core, found.left) == ("MM", "Price", 38, 50)
    assert found.core_usual == 0


@pytest.mark.parametrize("counts", [[6] * 12, [6, 5, 7, 6, 5, 9, 6, 3, 7, 6, 4, 8], [50, 50]])
def test_months_like_the_others_are_no_wave(counts: list[int]) -> None:
    assert waves.waves(*months_of(counts)) == []
