"""The page of deal health: its figures, its list, of whose deals, of which day."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pipeline import tasks
from pipeline.datasets import PIPELINE_DEALS
from pipeline.panels.health import PAGE
from pipeline.panels.health.deal import of_deal
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from revops_site.kernel.panels import table
from tests.conftest import AsUser
from tests.pipeline.a_quarter import LAST_DAY, fill, whole

pytestmark = pytest.mark.usefixtures("company")
ADDRESS = "/pipeline/health/"


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each, their deals and what was done for them."""
    fill(tmp_path)
    tasks.reckon_health()


def words(client: Client, address: str = ADDRESS) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def listed(client: Client, query: str = "") -> list[str]:
    """The deals of the list's file, by id."""
    answer = client.get(f"{ADDRESS}panels/stuck-view.csv?column=deal_id{query}")
    assert answer.status_code == 200
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    return [row["deal_id"] for row in csv.DictReader(lines)]


def test_the_page_says_how_healthy_what_is_at_risk_and_what_to_do(
    as_user: AsUser, dee: User
) -> None:
    said = words(as_user(dee))
    assert "Of 100, over 4 deals." in said
    assert "Expected close was 2 days ago: agree on a new date, or close it." in said
    assert "Past Due • Stuck" in said
    assert 'aria-current="page">Health' in as_user(dee).get(ADDRESS).content.decode()


def test_quick_filters_narrow_by_flag_urgency_and_action(as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    assert listed(client) == ["B2", "B4", "B5"]
    assert listed(client, "&flag=past-due") == ["B4"]
    assert listed(client, "&flag=urgency-high") == ["B5"]
    assert listed(client, "&flag=do-call&flag=stuck") == ["B4", "B5"]


def test_a_rep_finds_the_own_deals_alone(as_user: AsUser, ana: User, bo: User, cy: User) -> None:
    assert listed(as_user(ana)) == listed(as_user(bo)) == ["B2"]
    assert listed(as_user(cy)) == ["B4", "B5"]
    assert "Dune" not in words(as_user(ana))
    assert "Of 100, over 2 deals." in words(as_user(ana))


def test_filters_and_a_past_day_are_heeded(as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    assert listed(client, "&team=APAC") == ["B4", "B5"]
    assert listed(client, "&segment=ENT") == ["B2"]
    then = words(client, f"{ADDRESS}?as_of=2025-06-02")
    assert "What was planned on a past day is not recorded" in then
    assert listed(client, "&as_of=2025-04-10") == []


def test_the_share_at_risk_is_held_against_the_one_kept_a_week_before(
    as_user: AsUser, dee: User
) -> None:
    assert "vs a week before" not in words(as_user(dee))
    tasks.take_snapshots()
    assert "vs a week before" in words(as_user(dee))


def test_a_figure_is_explained_with_its_deals(as_user: AsUser, dee: User, ana: User) -> None:
    said = words(as_user(dee), "/explain/pipeline-at-risk-share/")
    assert "weak_amount" in said or "Amount at risk or critical" in said
    assert "B4" in said
    assert "B4" not in words(as_user(ana), "/explain/pipeline-at-risk-share/")


def test_shares_are_rounded_so_that_they_add_up() -> None:
    shown = table(PAGE.panels[1], whole())
    assert round(shown["amount_shown"].sum(), 9) == 1
    assert round(shown["deals_shown"].sum(), 9) == 1


def test_once_the_worker_has_scored_a_panel_asks_few_questions() -> None:
    for panel in PAGE.panels:
        with CaptureQueriesContext(connection) as asked:
            panel.frame(whole())
        assert len(asked) <= 8, (panel.slug, [one["sql"][:90] for one in asked])


def test_a_company_with_deals_alone_is_judged_by_the_days_that_they_give(
    as_user: AsUser, dee: User
) -> None:
    given: dict[str, str | None] = {
        **dict.fromkeys(("account_name", "opportunity_name"), "Solo"),
        "owner_id": "ana",
        "stage_name": "Demo",
        "status": "open",
        "amount": "1000",
        "created_at": f"{LAST_DAY - timedelta(90)}",
        "last_activity_at": f"{LAST_DAY - timedelta(2)}",
        "next_activity_at": f"{LAST_DAY + timedelta(5)}",
    }
    deals = [{**given, "deal_id": "solo"}, {**given, "deal_id": "mute", "last_activity_at": None}]
    report = rows.write(PIPELINE_DEALS, deals, kind="sync", source="test", by=None)
    assert not report.refused, report.sample
    told = of_deal("solo")
    assert told is not None
    points = {one.name: one.points for one in told.components}
    assert (points["activity_recency"], points["next_step"]) == (20, 10)
    assert not {"GOING_DARK", "NO_NEXT_STEP"} & {one.name for one in told.flags}
    other = of_deal("mute")
    assert other is not None
    assert "GOING_DARK" in {one.name for one in other.flags}
