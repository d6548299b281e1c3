"""Coaching's arithmetic: fair rates, what is called a driver, ranks, weekdays, priorities."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from coaching.analytics import priority
from coaching.analytics.activity import activity, consistency, low_days, span, working_days
from coaching.analytics.attainment import quota_of, ranks, tier, top_performers
from coaching.analytics.drivers import AHEAD, BY_CHANCE, DRIVERS, TOO_FEW, compared
from coaching.analytics.evidence import Sample, beyond_chance, chance, together
from coaching.analytics.performance import Spans
from coaching.analytics.phrases import detail
from coaching.analytics.rates import shrunk
from revops_site.kernel.periods import Period

DAY = date(2025, 6, 30)


def sample(values: Iterable[float]) -> Sample:
    known = [float(value) for value in values]
    return Sample(len(known), sum(known), sum(value * value for value in known))


def by_rep(**values: float) -> pd.Series[float]:
    return pd.Series([*values.values()], index=[*values], dtype="float64")


def test_three_wins_of_three_do_not_outrank_sixty_of_a_hundred() -> None:
    found = shrunk(by_rep(lucky=3, proven=60, other=20), by_rep(lucky=0, proven=40, other=80))
    assert found["win_rate"].tolist() == pytest.approx([1.0, 0.6, 0.2])
    assert found["win_rate_rank"].tolist() == [2, 1, 3]
    assert found["low_sample"].tolist() == [True, False, False]


def test_who_decided_nothing_is_given_the_team_s_rate_and_no_place() -> None:
    found = shrunk(by_rep(new=0, old=5), by_rep(new=0, old=5))
    assert found["win_rate_shrunk"].tolist() == pytest.approx([0.5, 0.5])
    assert found["win_rate_rank"].isna().tolist() == [True, False]
    assert found["win_rate"].isna().tolist() == [True, False]


def test_of_shuffled_labels_at_most_one_comparison_in_twenty_is_called_a_driver() -> None:
    dice = np.random.default_rng(20250630)
    called = families = comparisons = 0
    for _ in range(400):
        deals = int(dice.integers(20, 120))
        pool = {
            "win_rate": dice.random(deals) < 0.22,
            "avg_deal_size": dice.lognormal(10, 1, deals),
            "avg_sales_cycle_days": dice.gamma(2, 30, deals),
            "stakeholders": dice.poisson(2, deals),
            "activities": dice.poisson(6, deals),
            "discount": dice.choice([0, 0, 0, 0.1, 0.25], deals),
        }
        labels = dice.permutation(np.arange(deals)) < deals // 3
        rep = {name: sample(values[labels]) for name, values in pool.items()}
        top = {name: [sample(values[~labels])] for name, values in pool.items()}
        found = compared(rep, top, top, "USD")
        drivers = sum(one.is_driver for one in found)
        called, families, comparisons = (
            called + drivers,
            families + bool(drivers),
            comparisons + len(found),
        )
    assert called / comparisons <= 0.05
    assert families / 400 <= 0.08


def test_a_true_difference_is_called_a_driver() -> None:
    dice = np.random.default_rng(7)
    rep = {one.name: sample(dice.poisson(2, 80)) for one in DRIVERS}
    top = {one.name: [sample(dice.poisson(2, 80))] for one in DRIVERS}
    top["stakeholders"] = [sample(dice.poisson(4, 80))]
    found = {one.driver.name: one for one in compared(rep, top, top, "USD")}
    assert [name for name, one in found.items() if one.is_driver] == ["stakeholders"]
    assert found["stakeholders"].gap_impact.endswith("more a deal")


def test_too_few_cases_are_never_a_driver_and_get_no_number() -> None:
    rep = {one.name: sample([0.0] * 4) for one in DRIVERS}
    top = {one.name: [sample([1.0] * 4)] for one in DRIVERS}
    found = compared(rep, top, top, "USD")
    assert not any(one.is_driver for one in found)
    assert {one.gap_impact for one in found} == {TOO_FEW, AHEAD}


def test_a_gap_that_chance_may_have_made_gets_no_number_but_for_the_win_rate() -> None:
    rep = {one.name: sample([0.0, 1.0] * 20) for one in DRIVERS}
    top = {one.name: [sample([0.0, 1.0, 1.0] * 14)] for one in DRIVERS}
    found = {one.driver.name: one for one in compared(rep, top, top, "USD")}
    assert found["win_rate"].gap_impact == "+17 pts win rate"
    assert found["stakeholders"].gap_impact == BY_CHANCE


def test_a_top_performer_is_held_against_the_other_ones() -> None:
    rep = sample([1.0, 3.0] * 20)
    alone = {"stakeholders": rep}, {"stakeholders": [rep]}, {"stakeholders": [rep]}
    (found,) = compared(*alone, "USD", is_top=True)
    assert found.gap_to_top == 0
    assert not found.is_driver


def test_what_is_hidden_has_no_gap() -> None:
    (found,) = compared({"win_rate": Sample(20, 5, 5)}, {"win_rate": []}, {"win_rate": []}, "USD")
    assert (found.rep_value, found.top_performer_value, found.gap_to_top) == (0.25, None, None)
    assert found.rep_bar_pct == 100


@pytest.mark.parametrize(("won", "says"), [(26, "1 pt above"), (23, "2 pts below")])
def test_a_sentence_tells_one_point_from_several(won: int, says: str) -> None:
    (one,) = compared(
        {"win_rate": Sample(100, won, won)},
        {"win_rate": [Sample(100, 25, 25)]},
        {"win_rate": [Sample(100, 25, 25)]},
        "USD",
    )
    assert f"{says} the team’s 25%." in detail(one, beside_top=False, currency="USD")


def test_the_chance_of_a_difference_is_that_of_the_tables() -> None:
    one, other = sample([1, 2, 3, 4, 5] * 4), sample([2, 3, 4, 5, 6] * 4)
    assert chance(one, other) == pytest.approx(0.0365, abs=2e-3)
    assert chance(one, sample([1.0] * 9)) is None
    assert together([one, other]).n == 40


def test_several_comparisons_together_are_judged_more_strictly() -> None:
    assert beyond_chance([0.04]) == [True]
    assert beyond_chance([0.04, 0.3, 0.5, None]) == [False] * 4
    assert beyond_chance([0.001, None, 0.02]) == [True, False, True]


def test_those_who_tie_share_the_better_place() -> None:
    places = ranks(by_rep(a=0.5, b=0.9, c=0.9, d=0.1, e=float("nan")))
    assert places.fillna(0).tolist() == [3, 1, 1, 4, 0]


@pytest.mark.parametrize(
    ("attainment", "days", "called"),
    [
        (1.1, 400, "Top Performer"),
        (1.0999999999, 400, "Top Performer"),
        (0.9, 400, "On Track"),
        (0.7, 400, "Needs Improvement"),
        (0.69, 400, "At Risk"),
        (2.0, 89, ""),
        (float("nan"), 400, ""),
    ],
)
def test_an_attainment_is_called_what_the_limits_say(
    attainment: float, days: float, called: str
) -> None:
    assert tier(attainment, days) == called


def test_without_a_top_performer_the_best_quarter_stands_for_them() -> None:
    found = by_rep(a=0.5, b=0.9, c=0.8, d=0.1, e=float("nan"))
    assert top_performers(found, [""] * 5) == ["b"]
    assert top_performers(found, ["", "", "Top Performer", "", ""]) == ["c"]
    assert top_performers(by_rep(e=float("nan")), [""]) == []


def test_of_a_quota_so_much_counts_as_its_days_lie_within() -> None:
    quotas = pd.DataFrame(
        {
            "rep_id": ["a", "a"],
            "period_start": pd.to_datetime(["2025-01-01", "2025-04-01"]),
            "period_end": pd.to_datetime(["2025-04-01", "2025-07-01"]),
            "value": [90.0, 91.0],
        }
    )
    found = quota_of(quotas, Period(date(2025, 1, 1), date(2025, 4, 11)))
    assert found["a"] == pytest.approx(100.0)
    assert quota_of(quotas, Period(date(2026, 1, 1), date(2026, 4, 1))).empty


def test_in_the_first_quarter_a_rank_is_held_against_the_whole_year_before() -> None:
    spans = Spans.of(date(2025, 2, 10), 1)
    assert spans.before == Period(date(2024, 1, 1), date(2025, 1, 1))
    assert spans.last_quarter == Period(date(2024, 10, 1), date(2025, 1, 1))
    assert spans.all_days == Period(date(2024, 1, 1), date(2025, 2, 11))


def test_low_days_lie_below_seven_tenths_of_the_mean() -> None:
    assert low_days({"Monday": 10.0, "Tuesday": 10.0, "Friday": 1.0, "Thursday": None}) == [
        "Friday"
    ]
    assert low_days({"Monday": None}) == []


def test_consistency_needs_five_days_and_some_activity() -> None:
    assert consistency([3, 3, 3, 3]) is None
    assert consistency([0] * 5) == 0
    assert consistency([3] * 5) == 100
    assert consistency([0, 0, 0, 0, 50]) == 0


def test_work_at_weekends_counts_in_totals_and_in_no_weekday() -> None:
    days = span("7d", DAY)
    found = activity({(date(2025, 6, 28), "task"): 3}, working_days(days, ()), days)
    assert (found.total_activities, found.working_days) == (3, 5)
    assert found.avg_daily_activities == pytest.approx(0.6)
    assert set(found.weekdays.values()) == {0.0}


def test_nobody_works_on_holidays_or_before_the_first_day() -> None:
    days = span("30d", DAY)
    assert len(working_days(days, ())) == 21
    assert len(working_days(days, [date(2025, 6, 30)])) == 20
    assert working_days(days, (), since=date(2025, 6, 30)) == [DAY]


def deal(name: str, **more: float | str | None) -> priority.Open:
    given: dict[str, object] = {
        "opportunity_id": name,
        "rep_id": "ana",
        "health": 50,
        "days_since_contact": 10,
        "amount": 1000.0,
        "days_until_close": 20,
        "flags": 0,
        "urgency": "LOW",
        **more,
    }
    return priority.Open(**given)  # type: ignore[arg-type]


def test_equal_scores_go_by_amount_then_close_date_then_name() -> None:
    deals = [
        deal("c"),
        deal("b"),
        deal("near", days_until_close=19),
        deal("none", amount=None),
        deal("large", amount=2000.0),
    ]
    found = priority.ranked(deals, None)
    assert [one.deal.opportunity_id for one in found] == ["large", "near", "b", "c", "none"]
    assert [one.priority_rank for one in found] == [1, 2, 3, 4, 5]


def test_ten_are_told_of_each_rep() -> None:
    deals = [deal(f"{rep}{nth:02}", rep_id=rep) for rep in ("ana", "cy") for nth in range(15)]
    found = priority.ranked(deals, 1000.0, priority.MOST)
    assert len(found) == 20
    assert {one.deal.rep_id for one in found} == {"ana", "cy"}


def test_a_score_never_passes_a_hundred() -> None:
    worst = deal("x", health=0, days_since_contact=900, amount=1e9, days_until_close=-5, flags=12)
    (found,) = priority.ranked([worst], 1.0)
    assert found.priority_score == 100.0
    assert found.urgency == "today"


def test_the_best_hours_are_those_in_which_calls_are_answered_and_need_thirty_of_them() -> None:
    calls = {9: (20, 2), 10: (20, 4), 14: (20, 15), 15: (20, 16), 16: (20, 10)}
    assert priority.best_hours(calls) == (14, 16)
    assert priority.best_hours({9: (29, 29)}) is None
