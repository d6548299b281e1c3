"""The published contract's widgets of reps over HTTP: exactly its names and types."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.datasets import ACTIVITIES
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.coaching import reading
from tests.conftest import AsUser
from tests.pipeline.test_widgets import STAMPS, holds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
PERFORMANCE: Mapping[str, Any] = {
    **dict.fromkeys(("rep_id", "rep_name", "manager_name", "region", "segment"), str),
    "ytd_attainment": float,
    "ytd_attainment_display": str,
    **dict.fromkeys(("win_rate", "avg_deal_size", "avg_sales_cycle_days"), float),
    **dict.fromkeys(("overall_rank", "total_reps"), int),
    "rank_display": str,
    "rank_change_qoq": int,
    **dict.fromkeys(("team_avg_win_rate", "team_avg_deal_size", "team_avg_cycle"), float),
    "win_rate_vs_team": float,
    "win_rate_vs_team_display": str,
    **dict.fromkeys(("cycle_vs_team", "attainment_change_qoq", "win_rate_change_qoq"), float),
    "performance_tier": ("Top Performer", "On Track", "Needs Improvement", "At Risk"),
    **STAMPS,
}
DRIVER: Mapping[str, Any] = {
    **dict.fromkeys(("rep_id", "metric_name", "metric_label"), str),
    **dict.fromkeys(("rep_value", "top_performer_value", "team_avg_value"), float),
    "format_type": ("decimal", "percent", "days"),
    "good_direction": ("higher", "lower"),
    **dict.fromkeys(("gap_to_top", "gap_pct"), float),
    "gap_impact": str,
    **dict.fromkeys(("bar_max", "rep_bar_pct", "top_bar_pct"), float),
    **STAMPS,
}
ACTIVITY: Mapping[str, Any] = {
    "rep_id": str,
    "period": ("30d", "7d", "today"),
    **dict.fromkeys(("total_activities", "call_count", "email_count"), int),
    **dict.fromkeys(("meeting_count", "demo_count"), int),
    **dict.fromkeys(("avg_daily_activities", "team_avg_daily", "top_performer_daily"), float),
    **dict.fromkeys(("monday_avg", "tuesday_avg", "wednesday_avg"), float),
    **dict.fromkeys(("thursday_avg", "friday_avg"), float),
    "low_activity_days": list,
    "activity_consistency_score": int,
    **STAMPS,
}

ACTION: Mapping[str, Any] = {
    **dict.fromkeys(("action_id", "rep_id", "opportunity_id", "account_name"), str),
    **dict.fromkeys(("contact_name", "contact_role"), str),
    "action_type": ("call", "email", "meeting", "task"),
    "action_reason": str,
    "priority_score": float,
    "priority_rank": int,
    **dict.fromkeys(("best_time_start", "best_time_end"), str),
    "urgency": ("today", "this_week", "soon"),
    "deal_amount": float,
    **dict.fromkeys(("deal_health", "days_since_contact"), int),
    **dict.fromkeys(("risk_if_delayed", "action_icon", "time_display"), str),
    **STAMPS,
}


def test_each_rep_of_the_team_is_told_by_the_contract(bo: User, as_user: AsUser) -> None:
    found = reading.widget(as_user(bo), "/coaching/team/performance.json")
    assert [row["rep_id"] for row in found] == ["ana", "ben", "cat"]
    for row in found:
        holds(row, PERFORMANCE, nulls=True)
    holds(found[0], PERFORMANCE)
    assert found[0]["rank_display"] == "#1/2"
    assert found[0]["manager_name"] == "Bo Berg"
    assert found[2]["overall_rank"] is None


def test_the_contract_s_filters_are_understood(dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    found = reading.widget(client, "/coaching/team/performance.json?team=Bo+Berg&segment=All")
    assert [row["rep_id"] for row in found] == ["ana", "ben", "cat"]
    assert client.get("/coaching/team/performance.json?team=Nobody").status_code == 400


def test_a_rep_s_widgets_are_told_by_the_contract(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    (performance,) = reading.widget(client, "/coaching/reps/ana/performance.json")
    holds(performance, PERFORMANCE)
    drivers = reading.widget(client, "/coaching/reps/ana/drivers.json")
    assert len(drivers) == 6
    for row in drivers:
        holds(row, DRIVER, nulls=True)
    periods = reading.widget(client, "/coaching/reps/ana/activity.json")
    assert [row["period"] for row in periods] == ["30d", "7d", "today"]
    for row in periods:
        holds(row, ACTIVITY, nulls=True)


def test_next_best_actions_are_told_by_the_contract(ana: User, bo: User, as_user: AsUser) -> None:
    (own,) = reading.widget(as_user(ana), "/coaching/reps/ana/actions.json")
    holds(own, ACTION, nulls=True)
    assert (own["opportunity_id"], own["rep_id"], own["priority_rank"]) == ("O-ana", "ana", 1)
    assert own["action_id"].startswith("O-ana:")
    assert own["best_time_start"] is None  # nobody knows which calls were answered
    of_team = reading.widget(as_user(bo), "/coaching/team/actions.json")
    assert [row["rep_id"] for row in of_team] == ["ana", "ben", "cat"]
    (seen,) = reading.widget(as_user(bo), "/coaching/team/actions.json?owner=ana")
    # Bo sees all who won anything but one, so that the median is that of the own team.
    own_team = [40_000, 60_000, 81_000, 81_000, 5_000]
    amount = 20 * own["deal_amount"] / (4 * statistics.median(own_team))
    in_all = 20 * own["deal_amount"] / (4 * statistics.median([*own_team, 77_777]))
    score = own["priority_score"] - in_all + amount
    assert seen == {**own, "priority_score": pytest.approx(score, abs=0.11)}


def test_the_best_time_is_when_most_calls_are_answered(ana: User, as_user: AsUser) -> None:
    call = {"rep_id": "ana", "deal_id": "O-ana", "type": "call", "is_done": "true"}
    calls = [
        call
        | {
            "activity_id": f"{hour}-{nth}",
            "done_at": f"2025-06-{nth + 10}T{hour:02}:15:00Z",
            "is_answered": str(nth < (8 if hour > 12 else 2)).lower(),
        }
        for hour in (9, 10, 14, 15)
        for nth in range(10)
    ]
    assert not rows.write(ACTIVITIES, calls, kind="app", source="test", by=None).refused
    (own,) = reading.widget(as_user(ana), "/coaching/reps/ana/actions.json")
    holds(own, ACTION, nulls=True)
    assert (own["best_time_start"], own["best_time_end"]) == ("2:00 PM", "4:00 PM")
    assert own["time_display"].endswith(", 2:00 PM – 4:00 PM")
    assert "best 2:00 PM – 4:00 PM (UTC)" in reading.text(as_user(ana), "/coaching/actions/")


def test_there_is_no_other_widget(bo: User, as_user: AsUser) -> None:
    assert as_user(bo).get("/coaching/reps/ana/salary.json").status_code == 404
