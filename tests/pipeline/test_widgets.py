"""The published contract's widgets over HTTP: exactly its names and types, of one's own deals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pipeline import tasks
from revops_site.kernel import freshness
from revops_site.kernel.models import Team, User, Workspace
from tests import pipeline_deals as deals
from tests.conftest import AsUser
from tests.pipeline import a_quarter

DAY, MOMENT = "2025-06-30", "a moment"
STAMPS = {"created_at": MOMENT, "updated_at": MOMENT, "data_freshness": DAY}
KPIS: Mapping[str, Any] = {
    "snapshot_date": DAY,
    "quarter": "Q2 2025",
    "team_filter": "All",
    **dict.fromkeys(("quarter_target", "ai_forecast", "ai_forecast_confidence"), float),
    **dict.fromkeys(("commit_amount", "commit_confidence", "closed_won_amount"), float),
    **dict.fromkeys(("gap_to_target", "gap_pct", "coverage_ratio"), float),
    "risk_level": ("Low", "Medium", "High", "Critical"),
    **dict.fromkeys(("forecast_change_1w", "commit_change_1w"), float),
    **STAMPS,
}
HISTORY: Mapping[str, Any] = {
    "snapshot_date": date,
    "week_number": int,
    "quarter": "Q2 2025",
    **dict.fromkeys(("cumulative_target", "cumulative_closed", "cumulative_commit"), float),
    **dict.fromkeys(("cumulative_forecast", "pipeline_commit", "pipeline_best_case"), float),
    **dict.fromkeys(("pipeline_total", "avg_pipeline_health"), float),
    **STAMPS,
}
STAGE: Mapping[str, Any] = {
    "stage_name": str,
    "stage_order": int,
    **dict.fromkeys(("avg_duration_days", "median_duration_days", "benchmark_days"), float),
    **dict.fromkeys(("deviation_days", "duration_change_pct"), float),
    "trend_direction": ("improving", "stable", "worsening"),
    "conversion_rate": float,
    "deals_in_stage": int,
    "amount_in_stage": float,
    "status_indicator": ("green", "yellow", "red"),
    "trend_display": str,
    **STAMPS,
}
INS = ("created", "reopened", "pulled_in", "pushed_in", "added", "increased")
OUTS = ("decreased", "pushed_out", "pulled_out", "won", "lost", "removed", "deleted")
MOVEMENT: Mapping[str, Any] = {
    "first_date": "2025-03-31",
    "last_date": DAY,
    "starting_pipeline": float,
    **dict.fromkeys((*INS, "decreased", "currency", *OUTS[1:]), float),
    "ending_pipeline": float,
    **STAMPS,
}
BANDS = ("healthy", "monitor", "at_risk", "critical")
DISTRIBUTION: Mapping[str, Any] = {
    "quarter": "Q2 2025",
    "team_filter": "All",
    "snapshot_date": DAY,
    **{
        name: type_
        for band in BANDS
        for name, type_ in (
            (f"{band}_count", int),
            (f"{band}_amount", float),
            (f"{band}_pct", float),
        )
    },
    "at_risk_change_1w": float,
    "trend_direction": ("improving", "stable", "worsening"),
    **STAMPS,
}
STUCK: Mapping[str, Any] = {
    **dict.fromkeys(("opportunity_id", "account_name", "opportunity_name", "owner_name"), str),
    "amount": float,
    "stage_name": str,
    **dict.fromkeys(("days_in_stage", "health_score"), int),
    "close_date": date,
    "urgency": ("CRITICAL", "HIGH", "MEDIUM", "LOW"),
    "risk_flags": list,
    "risk_flags_display": str,
    "days_until_close": int,
    "slip_risk": ("HIGH", "MEDIUM", "LOW"),
    "primary_action": ("call", "email", "meeting", "escalate"),
    **dict.fromkeys(("action_target", "action_reason", "urgency_icon", "amount_display"), str),
    **STAMPS,
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    a_quarter.fill(tmp_path)
    tasks.take_snapshots()


def asked(client: Client, address: str) -> Any:
    answer = client.get(f"/pipeline/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    return json.loads(answer.content)


def holds(row: Mapping[str, Any], contract: Mapping[str, Any], *, nulls: bool = False) -> None:
    """The names in the contract's order; a text that is promised, one of some, or of a type."""
    assert list(row) == list(contract)
    for name, promised in contract.items():
        value = row[name]
        if value is None:
            assert nulls, name
        elif promised == MOMENT:
            assert datetime.fromisoformat(value).tzinfo, name
        elif promised is date:
            assert date.fromisoformat(value), name
        elif isinstance(promised, tuple):
            assert value in promised, name
        elif isinstance(promised, type):
            assert type(value) in {promised, int}, name
        else:
            assert value == promised, name


def test_the_figures_of_the_quarter_are_one_row(as_user: AsUser, dee: User) -> None:
    holds(asked(as_user(dee), "forecast/kpis.json"), KPIS)


def test_the_forecast_s_history_has_a_row_for_each_week(as_user: AsUser, dee: User) -> None:
    rows = asked(as_user(dee), "forecast/history.json")
    assert [row["week_number"] for row in rows] == list(range(1, 14))
    for row in rows:
        holds(row, HISTORY, nulls=True)
    holds(rows[-1], HISTORY)


def test_stages_are_rows_of_their_contract(as_user: AsUser, dee: User) -> None:
    rows = asked(as_user(dee), "velocity/stages.json")
    assert {row["stage_name"] for row in rows} >= {"Discovery", "Negotiation"}
    for row in rows:
        holds(row, STAGE, nulls=True)


def test_the_movement_of_the_pipeline_balances(as_user: AsUser, dee: User) -> None:
    row = asked(as_user(dee), "bridge/movement.json")
    holds(row, MOVEMENT)
    came = sum(row[name] for name in INS) + row["currency"]
    assert row["created"] > 0
    assert row["starting_pipeline"] + came - sum(row[name] for name in OUTS) == pytest.approx(
        row["ending_pipeline"]
    )


def test_the_health_of_open_deals_is_one_row(as_user: AsUser, dee: User) -> None:
    row = asked(as_user(dee), "health/distribution.json")
    holds(row, DISTRIBUTION)
    assert sum(row[f"{band}_count"] for band in BANDS) == 4
    assert sum(row[f"{band}_pct"] for band in BANDS) == pytest.approx(1)


def test_stuck_deals_are_rows_in_the_order_of_their_urgency(as_user: AsUser, dee: User) -> None:
    rows = asked(as_user(dee), "health/stuck.json")
    for row in rows:
        holds(row, STUCK)
    assert [row["opportunity_id"] for row in rows] == ["B2", "B4", "B5"]
    assert [row["urgency"] for row in rows] == ["CRITICAL", "CRITICAL", "HIGH"]
    assert rows[1]["risk_flags"][:2] == ["PAST_DUE", "STUCK"]
    assert rows[1]["risk_flags_display"].startswith("Past Due • Stuck • ")
    assert rows[1]["amount_display"] == "$30K"


def test_a_rep_and_a_filter_see_their_part_alone(as_user: AsUser, ana: User, dee: User) -> None:
    whole = asked(as_user(dee), "forecast/kpis.json")
    mine = asked(as_user(ana), "forecast/kpis.json")
    assert (whole["quarter_target"], mine["quarter_target"]) == (300_000, 200_000)
    assert 0 < mine["ai_forecast"] < whole["ai_forecast"]
    team = asked(as_user(dee), "forecast/kpis.json?team=APAC")
    assert (team["quarter_target"], team["closed_won_amount"]) == (100_000, 0)
    assert asked(as_user(dee), "forecast/kpis.json?region=EMEA")["quarter_target"] is None
    then = asked(as_user(dee), "forecast/kpis.json?as_of=2025-05-05")
    assert then["snapshot_date"] == "2025-05-05"


def test_filters_may_be_called_as_the_contract_calls_them(as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    whole = asked(client, "forecast/kpis.json")
    every = "quarter=Q2+2025&team=All&segment=All&region=All"
    assert asked(client, f"forecast/kpis.json?{every}") == whole
    assert asked(client, "forecast/kpis.json?quarter=Q1+2025")["quarter"] == "Q1 2025"
    Team.objects.filter(name="APAC").update(manager_name="Mei Sato")
    freshness.bump()
    of_team = asked(client, "forecast/kpis.json?team=Mei+Sato")
    assert (of_team["team_filter"], of_team["quarter_target"]) == ("Mei Sato", 100_000)
    large = asked(client, "forecast/kpis.json?segment=Enterprise")
    assert large == asked(client, "forecast/kpis.json?segment=ENT") != whole


@pytest.mark.parametrize("query", ["team=Nobody", "region=Mars", "quarter=soon", "as_of=never"])
def test_a_program_is_not_told_of_something_else_than_it_asked_for(
    as_user: AsUser, dee: User, query: str
) -> None:
    answer = as_user(dee).get(f"/pipeline/forecast/kpis.json?{query}")
    assert answer.status_code == 400
    (why,) = json.loads(answer.content)["errors"]
    assert query.partition("=")[2] in why


def test_of_a_quarter_that_is_over_every_widget_tells_as_at_its_end(
    as_user: AsUser, dee: User
) -> None:
    page = as_user(dee)
    row = asked(page, "health/distribution.json?quarter=Q1 2025")
    assert (row["quarter"], row["snapshot_date"]) == ("Q1 2025", "2025-03-31")
    then = asked(page, "health/stuck.json?quarter=Q1 2025")
    assert then == asked(page, "health/stuck.json?as_of=2025-03-31")
    waiting = asked(page, "lists/overdue.json?quarter=Q1 2025")
    assert waiting == asked(page, "lists/overdue.json?as_of=2025-03-31")
    assert asked(page, "health/distribution.json?quarter=Q2 2025")["snapshot_date"] == DAY
    answer = page.get("/pipeline/health/distribution.json?quarter=Q3 2025")
    assert answer.status_code == 400
    assert "has not begun" in answer.content.decode()


def test_the_change_of_a_week_is_known_on_any_weekday(
    as_user: AsUser, dee: User, tmp_path: Path
) -> None:
    thursday = (
        "B7,Gale,SMB,ana,Demo,5000,USD,2025-07-10,2025-08-30,2025-07-10,,open,,LinkedIn,EMEA,new,,,"
    )
    assert deals.load(tmp_path, (*a_quarter.DEALS, thursday)).exit_code == 0
    tasks.take_snapshots()
    found = asked(as_user(dee), "forecast/kpis.json")
    assert found["snapshot_date"] == "2025-07-10"
    assert found["forecast_change_1w"] is not None
    assert found["commit_change_1w"] == 0


def test_each_widget_is_linked_beside_its_panel_s_files(as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    pages = {
        "forecast/": ("forecast/kpis", "forecast/history"),
        "health/": ("health/distribution",),
        "velocity/": ("velocity/stages",),
        "bridge/": ("bridge/movement",),
    }
    for page, widgets in pages.items():
        text = client.get(f"/pipeline/{page}?segment=SMB").content.decode()
        for widget in widgets:
            assert f'href="/pipeline/{widget}.json?segment=SMB"' in text
    assert client.get("/pipeline/forecast/no-such.json").status_code == 404
    assert client.get("/pipeline/no-such/kpis.json").status_code == 404
