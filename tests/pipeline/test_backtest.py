"""A trial of past forecasts knows on each day what that day knew, and judges by what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pipeline.analytics import backtest, seasons
from pipeline.analytics.judged import judged
from pipeline.analytics.trial import ClosedQuarter, mondays, trial
from revops_site.kernel.periods import Period, fiscal_quarter, plus, quarter_label

STAGES = {"Demo": 0.4, "Negotiation": 0.75}


def quarters(count: int, likely: float = 0.5) -> list[ClosedQuarter]:
    """So many quarters of sixty deals each, of which some are won week by week."""
    found, period = [], fiscal_quarter(date(2023, 1, 1), 1)
    for nth in range(count):
        found.append(_quarter(period, np.random.default_rng(nth), likely))
        period = fiscal_quarter(period.end, 1)
    return found


def _quarter(period: Period, dice: np.random.Generator, likely: float) -> ClosedQuarter:
    ids = [f"{period.start}-{nth}" for nth in range(60)]
    amounts = dice.integers(5, 50, 60) * 1000.0
    is_won = dice.random(60) < likely
    ends = [plus(period.start, int(day)) for day in dice.integers(5, 88, 60)]
    stages = dice.choice(list(STAGES), 60)
    rows, closed = [], {}
    for day in mondays(period, 1):
        closed[day] = float(
            amounts[[bool(won) and end <= day for won, end in zip(is_won, ends, strict=True)]].sum()
        )
        rows += [
            {
                "snapshot_date": pd.Timestamp(day),
                "deal_id": ids[nth],
                "stage_name": stages[nth],
                "category": "Pipeline",
                "stage_probability": STAGES[stages[nth]],
                "chance": STAGES[stages[nth]],
                "amount": amounts[nth],
                "health_score": 70.0,
                "close_date": pd.Timestamp(period.last_day),
            }
            for nth in range(60)
            if ends[nth] > day
        ]
    won = pd.DataFrame(
        {
            "deal_id": ids,
            "amount": amounts,
            "created_at": pd.Timestamp(plus(period.start, -30)),
            "closed_at": pd.to_datetime(ends),
        }
    )[is_won]
    label = quarter_label(period.start, 1)
    return ClosedQuarter(label, period, pd.DataFrame(rows), closed, won, 60)


def rows_of(found: list[ClosedQuarter]) -> pd.DataFrame:
    return trial(found, 1).frame().set_index(["quarter", "week_number", "method"])


def test_a_trial_learns_from_quarters_that_had_ended_alone() -> None:
    usual = quarters(6)
    other = [*usual[:5], replace(usual[5], won=usual[5].won.iloc[:0], decided=0)]
    ours, theirs = rows_of(usual), rows_of(other)
    columns = ["forecast", "q10", "q90"]
    pd.testing.assert_frame_equal(ours[columns], theirs[columns])
    last = theirs.index.get_level_values("quarter") == usual[5].label
    assert set(theirs.loc[last, "actual"]) == {0.0}


def test_what_happens_later_in_a_quarter_changes_no_earlier_week() -> None:
    usual = quarters(5)
    last = usual[4]
    cut = plus(last.period.start, 45)
    later = last.deals["snapshot_date"] > pd.Timestamp(cut)
    changed = last.deals.assign(amount=last.deals["amount"].where(~later, 1.0))
    ours = rows_of(usual)
    theirs = rows_of([*usual[:4], replace(last, deals=changed)])
    early = ours["snapshot_date"] <= cut
    assert ours.loc[early, "forecast"].equals(theirs.loc[early, "forecast"])
    assert not ours["forecast"].equals(theirs["forecast"])


def test_learned_chances_are_used_once_they_beat_stages_and_simple_methods() -> None:
    found = judged(trial(quarters(9, likely=0.2), 1))
    wape = {(one["method"], one["weeks"]): one["wape"] for one in found.scores}
    assert found.quarters == 9
    assert wape["L1", "4-10"] < wape["L0", "4-10"]
    assert found.method in {"L0", "L1"}
    assert found.interval_inflation >= 1
    shown = found.calibration["L1"]
    assert sum(one["n"] for one in shown) > 100
    assert all(one["happened_low"] <= one["happened"] <= one["happened_high"] for one in shown)


def test_few_quarters_are_not_enough_to_judge_by() -> None:
    found = judged(trial(quarters(3), 1))
    assert found.method == "L0"
    assert found.reason == "Not enough data: 3 of 8 closed quarters."
    nothing = judged(trial([], 1))
    assert (nothing.method, nothing.interval_inflation, nothing.scores) == ("L0", 1.25, [])


@pytest.mark.parametrize(
    ("wapes", "shown", "expected", "why"),
    [
        ({"L0": 0.3, "pace": 0.25, "weighted": 0.4}, 0.8, "L1", "beat"),
        ({"L0": 0.3, "pace": 0.15, "weighted": 0.4}, 0.8, "L0", "pace (15.0%, learned 20.0%)."),
        ({"L0": 0.3, "holt_winters": 0.1, "pace": 0.4}, 0.8, "L0", "Holt-Winters (10.0%"),
        ({"L0": 0.2, "pace": 0.4}, 0.8, "L0", "those of the stages"),
        ({"L0": 0.3, "pace": 0.4}, 0.6, "L0", "ranges"),
        ({"L0": 0.3, "pace": 0.4}, None, "L0", "ranges"),
        ({}, 0.8, "L0", "Not enough"),
        (dict.fromkeys(backtest.BASELINES, 12.3456) | {"L0": 99.0}, 0.8, "L1", "beat"),
    ],
)
def test_the_learned_method_has_to_beat_all_others_and_to_hold_its_ranges(
    wapes: dict[str, float], shown: float | None, expected: str, why: str
) -> None:
    method, reason = backtest.verdict({name: (0.2, wape) for name, wape in wapes.items()}, shown)
    assert method == expected
    assert why in reason
    assert reason.endswith(".")


def test_what_a_verdict_says_has_room_where_it_is_kept() -> None:
    worse = dict.fromkeys(backtest.BASELINES, (1000.0, 999.0)) | {"L0": (1000.0, 1001.0)}
    _, reason = backtest.verdict(worse, 0.8)
    assert len(reason) <= 200
    assert "99,900.0%" in reason


def test_methods_are_held_against_each_other_where_both_speak() -> None:
    days = [date(2025, 1, 6), date(2025, 1, 13)]
    rows = pd.DataFrame(
        [
            {"snapshot_date": days[0], "method": "L1", "forecast": 150.0},
            {"snapshot_date": days[1], "method": "L1", "forecast": 110.0},
            {"snapshot_date": days[1], "method": "pace", "forecast": 130.0},
        ]
    ).assign(actual=100.0, q10=np.nan, q90=np.nan)
    found = backtest.side_by_side(rows, "L1")
    assert list(found) == ["pace"]
    assert found["pace"] == pytest.approx((0.1, 0.3))


def test_level_trend_and_season_are_told_on_and_nothing_of_fewer_than_twelve_quarters() -> None:
    straight = [1000.0 + 50 * nth + (0, 30, -80, 50)[nth % 4] for nth in range(21)]
    for known in (12, 15, 20):
        said = seasons.next_quarter(straight[:known])
        assert said == pytest.approx(straight[known], rel=1e-6)
    assert seasons.next_quarter(straight[:11]) is None
    assert seasons.next_quarter([0.0] * 12) == 0
    shrinking = seasons.next_quarter([max(0.0, 1200.0 - 100 * nth) for nth in range(14)])
    assert shrinking is not None
    assert shrinking >= 0


def test_a_level_that_jumped_is_followed() -> None:
    dice = np.random.default_rng(4)
    known = [*(100 + dice.normal(0, 3, 8)), *(200 + dice.normal(0, 3, 10))]
    said = seasons.next_quarter(known)
    assert said is not None
    assert abs(said - 200) < 25


def test_a_trial_tells_of_seasons_once_twelve_quarters_are_known() -> None:
    found = quarters(5)
    rows = trial(found, 1, [500_000.0] * 9).frame()
    seasonal = rows[(rows["method"] == "holt_winters") & rows["forecast"].notna()]
    assert set(seasonal["quarter"]) == {one.label for one in found[3:]}
    assert len(seasonal) == 26
    assert rows_of(found).xs("holt_winters", level="method")["forecast"].isna().all()


def test_pace_is_what_is_won_over_the_share_past_quarters_had_won() -> None:
    then, ended = pd.Series([20.0, 30.0]), pd.Series([100.0, 100.0])
    assert backtest.pace(50.0, then, ended) == pytest.approx(200)
    assert backtest.pace(50.0, then * 0, ended) is None


def test_a_quarter_has_a_monday_for_each_of_its_weeks() -> None:
    for start in (date(2024, 10, 1), date(2025, 1, 1), date(2025, 4, 1), date(2025, 7, 1)):
        days = mondays(fiscal_quarter(start, 1), 1)
        assert len(days) == 13
        assert all(day.weekday() == 0 for day in days)
