"""A rep's page: the figures beside the team's, and what they may come from."""

from __future__ import annotations

import pytest

from revops_site.kernel.models import User
from tests.coaching import reading
from tests.conftest import AsUser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
ANA = "/coaching/reps/ana/"


def test_a_rep_sees_the_own_page_beside_the_team(ana: User, as_user: AsUser) -> None:
    page = reading.text(as_user(ana), ANA)
    assert "On Track, this fiscal year to date." in page
    assert "Of 2 in team EMEA, 1 up since the last quarter closed." in page
    assert "Team EMEA: 63%." in page
    assert "The quota is met." in page


def test_the_two_pages_of_a_rep_lead_to_each_other(bo: User, as_user: AsUser) -> None:
    client = as_user(bo)
    assert 'href="/reps/ana/"' in reading.text(client, ANA)
    assert f'href="{ANA}"' in reading.text(client, "/reps/ana/")


def test_a_manager_steps_from_rep_to_rep(bo: User, ana: User, as_user: AsUser) -> None:
    page = reading.text(as_user(bo), "/coaching/reps/ben/")
    assert 'href="/coaching/reps/ana/"' in page
    assert 'href="/coaching/reps/cat/"' in page
    assert "/coaching/reps/ben/" not in reading.text(as_user(ana), ANA)


def test_drivers_are_told_with_what_they_rest_on(bo: User, as_user: AsUser) -> None:
    found = {row["metric_name"]: row for row in reading.rows(as_user(bo), "rep-drivers", at=ANA)}
    assert found["win_rate"]["rep_value"] == 0.5
    assert found["activities"]["n"] == 21
    assert found["win_rate"]["n"] == 4


def test_work_is_told_of_thirty_seven_and_one_day(bo: User, as_user: AsUser) -> None:
    found = reading.rows(as_user(bo), "rep-activity", at=ANA)
    assert [(row["period"], row["total_activities"]) for row in found] == [
        ("30d", 42),
        ("7d", 10),
        ("today", 2),
    ]
    assert [row["activity_consistency_score"] for row in found] == [100, 100, None]
    weekdays = reading.rows(as_user(bo), "rep-weekdays", at=ANA)
    assert [row["average"] for row in weekdays] == [2.0] * 5


def test_quarters_are_told_one_after_the_other(bo: User, as_user: AsUser) -> None:
    found = reading.rows(as_user(bo), "rep-quarters", at=ANA)
    assert [(row["quarter"], row["attainment"], row["win_rate"]) for row in found] == [
        ("Q1 2025", 0.8, 0.5),
        ("Q2 2025", 1.2, 0.5),
    ]


def test_reasons_are_told_beside_the_team_s(bo: User, as_user: AsUser) -> None:
    found = {row["reason"]: row for row in reading.rows(as_user(bo), "rep-lost", at=ANA)}
    assert set(found) == {"Price", "No budget"}
    assert found["Price"]["share"] == 0.5
    assert found["Price"]["team_share"] == pytest.approx(1 / 3)


def test_stages_are_told_beside_the_team_s(bo: User, as_user: AsUser) -> None:
    found = {row["stage_name"]: row for row in reading.rows(as_user(bo), "rep-stages", at=ANA)}
    assert found["Discovery"]["resolved"] == 4
    assert found["Discovery"]["conversion_rate"] == 0.5
    assert found["Discovery"]["finding"] == "few"


def test_own_calls_are_held_against_what_was_won(bo: User, as_user: AsUser) -> None:
    (found,) = reading.rows(as_user(bo), "rep-calls", at=ANA)
    assert (found["quarter"], found["actual"], found["bias"]) == ("Q1 2025", 40_000, 1.0)


def test_what_won_deals_have_in_common_is_told(bo: User, as_user: AsUser) -> None:
    found = {row["trait"]: row for row in reading.rows(as_user(bo), "rep-traits", at=ANA)}
    assert found["3 engaged contacts or more"]["without_n"] == 4


def test_a_rep_without_anything_gets_a_page_that_says_so(bo: User, as_user: AsUser) -> None:
    page = reading.text(as_user(bo), "/coaching/reps/cat/?as_of=2025-06-03")
    assert "Without a quota there is none." in page
    assert "Nothing was completed in the last 30 days." in page
    assert "No closed quarter was called." in page
