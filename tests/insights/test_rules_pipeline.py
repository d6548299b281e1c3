"""The rules about deals and work: when each speaks, and when it keeps quiet."""

from __future__ import annotations

from dataclasses import replace

import pytest

from insights.analytics.facts import Decided, Pace, Paces, StageTimes, Stuck, Work
from insights.rules.people import REP_QUIET
from insights.rules.pipeline import LOW_WIN_RATE, STAGE_SLOW, STUCK_VALUE, VELOCITY_DROP

ALL = Decided("", won=15, lost=85, priced=15, won_amount=150_000, target=None, currency="USD")


def test_fewer_than_a_fifth_won_is_low_and_a_fifth_is_not() -> None:
    found = LOW_WIN_RATE.judge(ALL)
    assert found is not None
    assert (found.said.value, found.said.threshold, found.said.n) == (0.15, 0.2, 100)
    assert found.said.money == pytest.approx(5 * 10_000)
    assert LOW_WIN_RATE.judge(replace(ALL, won=20, lost=80)) is None


def test_a_segment_is_held_against_its_own_target() -> None:
    small = replace(ALL, segment="SMB", won=22, lost=78, target=0.25)
    found = LOW_WIN_RATE.judge(small)
    assert found is not None
    assert found.said.subject == "segment SMB"
    assert found.said.evidence.changes == {"segment": ("SMB",)}
    assert LOW_WIN_RATE.judge(replace(small, target=0.22)) is None
    assert LOW_WIN_RATE.judge(replace(small, target=None)) is None


def test_fewer_than_twenty_decided_deals_say_nothing_about_winning() -> None:
    assert LOW_WIN_RATE.judge(replace(ALL, won=0, lost=19)) is None
    assert LOW_WIN_RATE.judge(replace(ALL, won=0, lost=20)) is not None
    assert LOW_WIN_RATE.judge(replace(ALL, won=0, lost=0)) is None


def test_where_no_amount_is_known_no_money_is_named() -> None:
    found = LOW_WIN_RATE.judge(replace(ALL, priced=0, won_amount=0))
    assert found is not None
    assert found.said.money is None


STUCK = Stuck(
    open_deals=50,
    open_amount=1_000_000,
    missing_amount=5,
    deals=2,
    amount=150_000,
    min_days=45,
    min_amount=50_000,
    currency="USD",
)


def test_more_than_a_tenth_of_the_pipeline_stuck_is_too_much_and_a_tenth_is_not() -> None:
    found = STUCK_VALUE.judge(STUCK)
    assert found is not None
    assert found.said.money == 150_000
    assert found.strength.filled == 0.9
    assert STUCK_VALUE.judge(replace(STUCK, amount=100_000)) is None


def test_a_pipeline_without_value_or_without_a_stuck_deal_says_nothing() -> None:
    assert STUCK_VALUE.judge(replace(STUCK, open_amount=0, amount=0)) is None
    assert STUCK_VALUE.judge(replace(STUCK, deals=0, amount=0)) is None


BEFORE = Pace(open_deals=100, won=20, lost=20, priced=20, won_amount=200_000, cycle_days=1000)
PACES = Paces(replace(BEFORE, open_deals=70), BEFORE, days=90, whole=True, currency="USD")


def test_a_velocity_down_by_more_than_a_fifth_is_a_drop_and_a_fifth_is_not() -> None:
    found = VELOCITY_DROP.judge(PACES)
    assert found is not None
    assert found.said.value == pytest.approx(-0.3)
    assert found.strength.effect == pytest.approx(0.5)
    assert found.said.money == pytest.approx((10_000 - 7_000) * 90)
    assert VELOCITY_DROP.judge(replace(PACES, now=replace(BEFORE, open_deals=80))) is None


def test_windows_that_the_data_do_not_cover_are_no_trend() -> None:
    assert VELOCITY_DROP.judge(replace(PACES, whole=False)) is None


def test_a_velocity_that_is_unknown_did_not_drop() -> None:
    assert VELOCITY_DROP.judge(replace(PACES, now=replace(BEFORE, won=0))) is None
    assert VELOCITY_DROP.judge(replace(PACES, before=replace(BEFORE, cycle_days=0))) is None


def test_a_velocity_of_fewer_than_twenty_decided_deals_says_nothing() -> None:
    slow = Pace(open_deals=10, won=10, lost=9, priced=10, won_amount=1000, cycle_days=500)
    assert VELOCITY_DROP.judge(replace(PACES, now=slow)) is None
    assert VELOCITY_DROP.judge(replace(PACES, now=replace(slow, lost=10))) is not None


SLOW = StageTimes(
    stage="Demo",
    pipeline="",
    pipeline_id="new",
    exits=10,
    days=250,
    exits_before=10,
    days_before=200,
    expected=20,
    open_amount=90_000,
    whole=True,
    currency="USD",
)


def test_a_stage_beyond_its_benchmark_that_gets_slower_is_named() -> None:
    found = STAGE_SLOW.judge(SLOW)
    assert found is not None
    assert (found.said.value, found.said.threshold) == (25, 24)
    assert STAGE_SLOW.judge(replace(SLOW, days=240)) is None, "four days over is within the slack"


def test_a_slow_stage_that_does_not_get_slower_is_left_alone() -> None:
    assert STAGE_SLOW.judge(replace(SLOW, days_before=250)) is None
    assert STAGE_SLOW.judge(replace(SLOW, days=264, days_before=240)) is None, "just a tenth"


def test_a_stage_without_benchmark_exits_or_whole_windows_says_nothing() -> None:
    assert STAGE_SLOW.judge(replace(SLOW, expected=None)) is None
    assert STAGE_SLOW.judge(replace(SLOW, exits=4, days=400)) is None
    assert STAGE_SLOW.judge(replace(SLOW, exits_before=0)) is None
    assert STAGE_SLOW.judge(replace(SLOW, whole=False)) is None


QUIET = Work(
    rep_id="ana",
    name="Ana Almeida",
    team="EMEA",
    done=8,
    working_days=20,
    team_done=100,
    team_days=100,
    open_amount=70_000,
    currency="USD",
)


def test_a_rep_with_less_than_half_of_the_team_s_work_is_quiet_and_half_is_not() -> None:
    found = REP_QUIET.judge(QUIET)
    assert found is not None
    assert found.said.value == pytest.approx(0.4)
    assert found.said.money == 70_000
    assert "Ana Almeida" in found.said.headline
    assert REP_QUIET.judge(replace(QUIET, done=10)) is None


def test_fewer_than_ten_working_days_say_nothing_about_a_rep() -> None:
    assert REP_QUIET.judge(replace(QUIET, done=0, working_days=9)) is None
    assert REP_QUIET.judge(replace(QUIET, done=0, working_days=10)) is not None


def test_where_nobody_works_nobody_is_quiet() -> None:
    assert REP_QUIET.judge(replace(QUIET, done=0, team_done=0)) is None
