"""The quarter of a forecast can be chosen: one that is over as at its end, or the next one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests import pipeline_deals as deals
from tests.conftest import AsUser
from tests.pipeline import a_quarter

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(
    ana: User, cy: User, bo: User, dee: User, workspace: Workspace, tmp_path: Path, as_user: AsUser
) -> Client:
    a_quarter.fill(tmp_path)
    return as_user(dee)


def kpis(reader: Client, query: str) -> Any:
    return json.loads(reader.get(f"/pipeline/forecast/kpis.json?{query}").content)


def test_the_next_quarter_is_what_is_to_close_in_it(reader: Client) -> None:
    found = kpis(reader, "quarter=2025Q3")
    assert (found["snapshot_date"], found["quarter"]) == ("2025-06-30", "Q3 2025")
    assert (found["closed_won_amount"], found["commit_amount"]) == (0, 70_000)
    assert found["quarter_target"] is None
    assert 0 < found["ai_forecast"] < 70_000
    page = reader.get("/pipeline/forecast/?quarter=2025Q3").content.decode()
    assert "Q3 2025 has not begun" in page
    assert "Quarter" in page


def test_a_quarter_that_is_over_is_as_at_its_end_or_on_a_day_of_it(reader: Client) -> None:
    running, past = kpis(reader, ""), kpis(reader, "quarter=2025Q1")
    assert (past["snapshot_date"], past["quarter"]) == ("2025-03-31", "Q1 2025")
    assert past["ai_forecast"] != running["ai_forecast"]
    inside = kpis(reader, "quarter=2025Q2&as_of=2025-05-05")
    assert (inside["snapshot_date"], inside["quarter"]) == ("2025-05-05", "Q2 2025")


def test_of_a_quarter_that_is_over_nothing_is_expected_any_more(
    reader: Client, tmp_path: Path
) -> None:
    last = kpis(reader, "")
    assert last["ai_forecast"] > last["closed_won_amount"] == 40_000
    late = "B7,Gale,SMB,ana,Demo,5000,USD,2025-07-02,2025-08-30,2025-07-02,,open,,LinkedIn,EMEA,,,,"
    assert deals.load(tmp_path, (*a_quarter.DEALS, late)).exit_code == 0
    over = kpis(reader, "quarter=2025Q2")
    assert over["snapshot_date"] == "2025-06-30"
    assert over["ai_forecast"] == over["closed_won_amount"] == 40_000
    assert over["gap_to_target"] == 40_000 - 300_000
    page = reader.get("/pipeline/forecast/?quarter=2025Q2").content.decode()
    assert "Q2 2025 is over" in page
    what_if = reader.get("/pipeline/what-if/?quarter=2025Q2").content.decode()
    assert "$40K" in what_if


def test_a_change_of_the_pipeline_is_that_of_the_chosen_quarter(reader: Client) -> None:
    row = json.loads(reader.get("/pipeline/bridge/movement.json?quarter=2025Q3").content)
    assert (row["first_date"], row["last_date"]) == ("2025-03-31", "2025-06-30")
    assert (row["starting_pipeline"], row["created"], row["ending_pipeline"]) == (0, 70_000, 70_000)
    row = json.loads(reader.get("/pipeline/bridge/movement.json?quarter=2025Q1").content)
    assert (row["first_date"], row["last_date"]) == ("2024-12-31", "2025-03-31")


def test_a_quarter_that_nobody_knows_is_named_and_left_out(reader: Client) -> None:
    page = reader.get("/pipeline/forecast/?quarter=2031Q1").content.decode()
    assert "Nothing is known of the quarter 2031Q1; showing the running one." in page
    told = reader.get("/pipeline/forecast/kpis.json?quarter=2031Q1")
    assert (told.status_code, json.loads(told.content)["errors"]) == (
        400,
        ["Nothing is known of the quarter 2031Q1; showing the running one."],
    )
    assert "is not a quarter" in reader.get("/pipeline/forecast/?quarter=soon").content.decode()


def test_the_running_quarter_has_one_address_and_others_a_chip(reader: Client) -> None:
    swap = {"HX-Request": "true", "HX-Target": "panels"}
    own = reader.get("/pipeline/forecast/?quarter=2025Q2", headers=swap)
    assert own["HX-Push-Url"] == "/pipeline/forecast/"
    other = reader.get("/pipeline/forecast/?quarter=2025Q3", headers=swap)
    assert other["HX-Push-Url"] == "/pipeline/forecast/?quarter=2025Q3"
    assert "Q3 2025" in other.content.decode()
    page = reader.get("/pipeline/?quarter=2025Q3").content.decode()
    assert "Q3 2025 (not applied to Pipeline)" in page
    assert '<input type="hidden" name="quarter" value="2025Q3">' in page


def test_the_explanation_of_a_figure_is_of_the_same_quarter(reader: Client) -> None:
    page = reader.get("/explain/pipeline-commit/?quarter=2025Q3")
    assert page.status_code == 200
    assert "70,000" in page.content.decode()


def test_changes_since_a_day_without_history_say_so(reader: Client) -> None:
    assert "History starts here" in reader.get("/pipeline/bridge/").content.decode()


def test_changes_compare_with_nothing_but_their_first_day(reader: Client) -> None:
    page = reader.get("/pipeline/bridge/?compare=year").content.decode()
    assert 'name="compare" id=' not in page
    assert '<input type="hidden" name="compare" value="year">' in page
    assert 'id="filter-compare"' in reader.get("/pipeline/").content.decode()


def test_any_named_pipeline_can_be_chosen_on_every_page_of_the_pipeline(reader: Client) -> None:
    for page in ("", "forecast/", "bridge/", "velocity/"):
        text = reader.get(f"/pipeline/{page}?pipeline=new").content.decode()
        assert 'id="pick-pipeline"' in text
        assert "is unknown; it was left out" not in text
        assert "not applied" not in text
