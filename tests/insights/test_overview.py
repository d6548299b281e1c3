"""What somebody is shown first: the figures of the role, what changed, and how new it is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.insights import a_company

PANELS = {"dee": "company", "vi": "company", "bo": "team", "ana": "day"}
DATA = 'FROM "pipeline_', 'FROM "revenue_', 'FROM "marketing_'


@pytest.fixture
def company(
    workspace: Workspace, ana: User, bo: User, cy: User, dee: User, vi: User, tmp_path: Path
) -> None:
    a_company.load(tmp_path / "company")


def text(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.getvalue().decode()


def rows(client: Client, address: str) -> list[dict[str, Any]]:
    answer = client.get(address)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = json.loads(answer.getvalue())["rows"]
    return found


def figures(client: Client, who: str, query: str = "") -> dict[str, Any]:
    found = rows(client, f"/panels/overview-{PANELS[who]}.json{query}")
    return {row["field"]: row["value"] for row in found}


def changes(client: Client, query: str = "") -> list[tuple[str, str]]:
    found = rows(client, f"/changes/panels/changes.json?period=custom&start=2025-06-23{query}")
    return sorted((row["kind"], row["whose"]) for row in found)


def test_who_sees_everybody_s_deals_is_shown_the_company(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    (mrr,) = rows(client, "/panels/overview-recurring.json")
    assert (mrr["field"], mrr["value"]) == ("total_mrr", 700)
    assert figures(client, "dee") == {
        "closed_won_amount": 40_000,
        "quota_gap": 141_000 - 40_000,
        "total_pipeline": 169_999,
        "pipeline_created_amount": 50_000 + 1,  # one of them has become 99,999 since
    }


def test_a_manager_is_shown_the_team(company: None, as_user: AsUser, bo: User) -> None:
    found = figures(as_user(bo), "bo")
    assert found.pop("ytd_attainment") == pytest.approx(80_000 / (100_000 + 88_000))
    assert found == {
        "closed_won_amount": 40_000,
        "quota_gap": 51_000,
        "total_pipeline": 70_000,
        "pipeline_created_amount": 50_000,
    }


def test_a_rep_is_shown_the_day(company: None, as_user: AsUser, ana: User) -> None:
    found = figures(as_user(ana), "ana")
    assert found.pop("ytd_attainment") == pytest.approx(80_000 / (100_000 + 88_000))
    assert found == {
        "quota_gap": 51_000,
        "total_pipeline": 70_000,
        "total_activities": 2,
        "past_due_deals": 1,
    }


@pytest.mark.parametrize("who", ["dee", "bo", "ana"])
def test_every_figure_leads_to_the_same_figure_explained(
    company: None, as_user: AsUser, who: str
) -> None:
    client = as_user(User.objects.get(username=who))
    shown = text(client)
    links = [part.split('"', 1)[0] for part in shown.split('href="/explain/')[1:]]
    tiles = [link.replace("&amp;", "&") for link in links if not link.startswith("pipeline-quota/")]
    asked = [link for link in tiles if "pipeline-activities/?period=30d" not in link]
    assert len(asked) == 5
    values = re.findall(r'<dd class="value num" title="([^"]+)"', shown)
    for link, value in zip(asked, values, strict=True):
        assert value in text(client, f"/explain/{link}"), link


def test_a_figure_s_operands_are_the_quotas_and_the_deals_listed(
    company: None, as_user: AsUser, ana: User
) -> None:
    listed = rows(as_user(ana), "/explain/pipeline-attainment/panels/rows.json?period=this_year")
    quota = sum(float(row["so_far"]) for row in listed if row["part"] == "Quota")
    won = sum(float(row["so_far"]) for row in listed if row["part"] == "Won deal")
    assert (quota, won) == (188_000, 80_000)
    assert {row["whose"] for row in listed} == {"Ana Almeida"}


def test_without_a_quota_there_is_no_gap(company: None, as_user: AsUser, dee: User) -> None:
    found = figures(as_user(dee), "dee", "?as_of=2024-12-31")
    assert found["quota_gap"] is None


def test_a_period_that_came_along_changes_nothing_and_goes_on(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    assert figures(client, "dee", "?period=last_year") == figures(client, "dee")
    shown = text(client, "/?period=last_year")
    assert '<input type="hidden" name="period" value="last_year">' in shown
    assert 'id="filter-period"' not in shown


def test_a_segment_narrows_what_knows_segments(company: None, as_user: AsUser, dee: User) -> None:
    found = figures(as_user(dee), "dee", "?segment=ENT")
    assert found["total_pipeline"] == 99_999
    assert found["closed_won_amount"] == 0
    assert found["quota_gap"] == 101_000, "a quota is of no segment"


def test_what_changed_is_told_since_monday_by_kind(
    company: None, as_user: AsUser, dee: User
) -> None:
    ana, cy = "Ana Almeida", "Cy Chen"
    assert changes(as_user(dee), "&end=2025-06-27") == sorted(
        [
            *(("created", ana), ("won", ana), ("shrunk", ana), ("pushed", ana), ("moved", ana)),
            *(("created", cy), ("lost", cy), ("grown", cy)),
        ]
    )


def test_the_largest_change_comes_first(company: None, as_user: AsUser, dee: User) -> None:
    found = rows(as_user(dee), "/panels/changed.json")
    assert [row["size"] for row in found] == sorted((row["size"] for row in found), reverse=True)
    assert {row["kind"] for row in found[:2]} == {"created", "grown"}
    assert next(row["told"] for row in found if row["kind"] == "shrunk") == "25000 → 20000"


def test_a_change_of_what_is_no_number_is_left_out(
    company: None, as_user: AsUser, dee: User
) -> None:
    assert "unknown" not in text(as_user(dee), "/changes/?period=365d")


@pytest.mark.parametrize("who", ["ana", "bo"])
def test_changes_of_others_are_not_told(company: None, as_user: AsUser, who: str) -> None:
    client = as_user(User.objects.get(username=who))
    assert len(changes(client, "&end=2025-06-27")) == 5
    for address in ("/", "/changes/?period=365d", "/changes/panels/changes.csv?period=365d"):
        answer = client.get(address)
        body = answer.getvalue()
        assert b"Canary" not in body
        assert b"Cy Chen" not in body


def test_all_changes_are_a_click_away_in_the_same_number(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    shown = text(client)
    assert "All 8 changes" in shown
    address = "/changes/?period=custom&start=2025-06-23&end=2025-06-27"
    assert address.replace("&", "&amp;") in shown
    assert "8 changes" in text(client, address)


@pytest.mark.parametrize(
    ("query", "count"),
    [("flag=won", 1), ("flag=pushed", 1), ("sort=day", 8), ("column=kind", 8), ("sort=whose", 8)],
)
def test_changes_are_narrowed_ordered_and_shown_by_choice(
    company: None, as_user: AsUser, dee: User, query: str, count: int
) -> None:
    window = "period=custom&start=2025-06-23&end=2025-06-27"
    client = as_user(dee)
    assert text(client, f"/changes/?{window}&{query}").count('<th scope="row"') == count
    assert len(rows(client, f"/changes/panels/changes.json?{window}&{query}")) == count


def test_the_sources_tell_how_new_they_are(company: None, as_user: AsUser, ana: User) -> None:
    shown = text(as_user(ana))
    assert "How new are the data?" in shown
    assert "27 Jun 2025" in shown
    assert "Never loaded." in shown, "no day of marketing was loaded"


def test_before_anything_is_loaded_the_overview_says_how_to_begin(
    as_user: AsUser, dee: User
) -> None:
    shown = text(as_user(dee))
    assert "Begin with your data" in shown
    assert "manage.py ingest" in shown


@pytest.mark.parametrize("who", ["dee", "bo", "ana"])
def test_the_figures_take_few_questions(company: None, as_user: AsUser, who: str) -> None:
    client = as_user(User.objects.get(username=who))
    client.get("/panels/changed/")  # what can be chosen is known from here on
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/panels/overview-{PANELS[who]}/")
    about_data = [one["sql"] for one in asked if any(table in one["sql"] for table in DATA)]
    assert len(about_data) <= 8, about_data
