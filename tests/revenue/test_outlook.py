"""MRR is forecast by its parts or by a simpler method, whichever past months speak for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revenue.analytics import outlook, trials
from revenue.analytics.outlook import METHODS, PARTS, Past

SHARES = st.floats(0, 0.2)


def history(
    months: int,
    *,
    start: float = 1000.0,
    new: float = 30.0,
    churn: float = 0.02,
    expansion: float = 0.01,
    noise: float = 0.0,
    seed: int = 1,
) -> Past:
    """A company of one segment that goes on in the same way."""
    dice = np.random.default_rng(seed)
    days = pd.date_range("2022-01-01", periods=months, freq="MS")
    rows, level = [], start
    for day in days:
        wobble = 1 + noise * dice.standard_normal(3)
        moved = {
            "new": new * wobble[0],
            "reactivation": 0.0,
            "expansion": level * expansion * wobble[1],
            "contraction": 0.0,
            "churn": level * churn * wobble[2],
        }
        began = level
        level = level + moved["new"] + moved["expansion"] - moved["churn"]
        rows.append({"month": day, "segment": "SMB", "started": began, "mrr": level, **moved})
    return outlook.past(pd.DataFrame(rows), "segment")


@given(SHARES, SHARES, st.floats(0, 500), st.integers(9, 30))
@settings(max_examples=40, deadline=None)
def test_the_parts_of_each_month_sum_to_its_end(
    churn: float, expansion: float, new: float, months: int
) -> None:
    found = outlook.parts(history(months, churn=churn, expansion=expansion, new=new, noise=0.3))
    kept = found["starting"] - found["contraction"] - found["churn"]
    assert found["kept"].to_numpy() == pytest.approx(kept.to_numpy())
    ends = kept + found["expansion"] + found["new"] + found["reactivation"]
    assert found["mrr"].to_numpy() == pytest.approx(np.maximum(0, ends.to_numpy()))
    assert found["starting"].to_numpy()[1:] == pytest.approx(found["mrr"].to_numpy()[:-1])


@pytest.mark.parametrize("method", METHODS)
def test_ranges_lie_about_the_forecast_the_surer_the_wider(method: str) -> None:
    path = outlook.forecast(method, history(24, noise=0.2))
    assert path is not None
    (low80, high80), (low95, high95) = (path.ranges[level] for level in outlook.LEVELS)
    assert (low95 <= low80 + 1e-9).all()
    assert (low80 <= path.mean + 1e-9).all()
    assert (path.mean <= high80 + 1e-9).all()
    assert (high80 <= high95 + 1e-9).all()
    low, high = path.widened(0.80, 2.0)
    assert (low <= low80 + 1e-9).all()
    assert (high >= high80 - 1e-9).all()


def test_a_company_that_goes_on_in_the_same_way_is_forecast_to_the_cent() -> None:
    known = history(36)
    path = outlook.forecast(PARTS, known.until(24))
    assert path is not None
    assert path.mean == pytest.approx(known.total[24:36])


def test_too_few_months_give_no_forecast() -> None:
    assert outlook.forecast(PARTS, history(outlook.FEWEST - 1)) is None
    assert outlook.forecast(PARTS, history(outlook.FEWEST)) is not None


def test_no_forecast_knows_of_a_later_month() -> None:
    known, changed = history(24, noise=0.2), history(24, noise=0.2)
    for rows in (changed.level, changed.started, *changed.moves.values()):
        rows[20:] *= 7
    first, second = trials.tried(known), trials.tried(changed)
    said = [name for name in trials.ROWS if name != "actual"]
    early = first["origin"] <= known.months[19]
    pd.testing.assert_frame_equal(first.loc[early, said], second.loc[early, said])


def test_the_parts_are_used_where_they_beat_every_simple_method() -> None:
    found = trials.judged(history(30, churn=0.06, expansion=0.0, new=100, noise=0.1))
    assert found.method == PARTS
    assert found.reason.startswith("The parts beat every simple method")


def test_a_simple_method_that_is_better_is_used_and_said() -> None:
    """A straight line, whose parts wobble without moving it."""
    straight = history(30, churn=0.0, expansion=0.0, new=50)
    dice = np.random.default_rng(5)
    extra = dice.uniform(0, 400, straight.level.shape)
    straight.moves["new"][:] += extra
    straight.moves["contraction"][:] += extra
    found = trials.judged(straight)
    assert found.method != PARTS
    assert "did not beat a simple method" in found.reason


def test_without_enough_months_nothing_is_judged() -> None:
    found = trials.judged(history(14))
    assert found.reason.startswith("Not judged yet")
    assert found.widened == {80: trials.UNTRIED, 95: trials.UNTRIED}


def test_scores_are_there_for_each_method_and_distance() -> None:
    found = trials.judged(history(30, noise=0.3))
    by = {(one["method"], one["horizon"]): one for one in found.scores}
    assert set(by) >= {(method, ahead) for method in METHODS for ahead in range(13)}
    one = by[PARTS, 1]
    rows = found.rows[(found.rows["method"] == PARTS) & (found.rows["horizon"] == 1)]
    miss = (rows["forecast"] - rows["actual"]).abs().sum() / rows["actual"].sum()
    assert one["wape"] == pytest.approx(miss)
    inside = rows["actual"].between(rows["low_80"], rows["high_80"])
    assert one["coverage_80"] == pytest.approx(inside.mean())
