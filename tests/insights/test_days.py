"""What is kept of a day: the rules' insights and every figure, once, and for good."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import F

from insights import tasks
from insights.models import InsightDay, Kpi
from revops_site.kernel import freshness
from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.insights import a_quarter, files
from tests.insights.test_insights_page import file, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_quarter.load(tmp_path)


def today() -> date:
    return freshness.stamp(freshness.workspace())


def test_the_day_s_insights_are_those_of_the_whole_company(
    company: None, as_user: AsUser, dee: User
) -> None:
    tasks.keep_insights(0)
    kept = set(InsightDay.objects.values_list("day", "rule", "subject", "headline"))
    shown = {(today(), r["rule"], r["subject"], r["headline"]) for r in file(as_user(dee))}
    assert kept == shown != set()


def test_a_second_look_at_the_same_data_keeps_nothing_twice(company: None) -> None:
    tasks.keep_insights(0)
    first = list(InsightDay.objects.order_by("id").values())
    tasks.keep_insights(0)
    assert list(InsightDay.objects.order_by("id").values()) == first


def test_newer_data_replace_the_day_s_insights_and_leave_yesterday_s(
    company: None, tmp_path: Path
) -> None:
    tasks.keep_insights(0)
    InsightDay.objects.update(day=F("day") - timedelta(days=1))
    tasks.keep_insights(0)
    yesterday = list(InsightDay.objects.filter(day__lt=today()).order_by("id").values())
    cured = {**a_quarter.DEAL, "deal_id": "ana-open", "owner": "ana", "stage": "Demo"}
    cured |= {"segment": "SMB", "amount": "10", "status": "open"}
    files.load(tmp_path / "cured", {"pipeline_deals": [cured]})
    tasks.keep_insights(0)
    assert not InsightDay.objects.filter(day=today(), rule="STUCK_VALUE").exists()
    assert InsightDay.objects.filter(day=today()).exists()
    assert list(InsightDay.objects.filter(day__lt=today()).order_by("id").values()) == yesterday


def test_a_card_says_since_when_it_is_there_to_those_who_see_all(
    company: None, as_user: AsUser, ana: User, dee: User
) -> None:
    tasks.keep_insights(0)
    InsightDay.objects.update(day=F("day") - timedelta(days=3))
    tasks.keep_insights(0)
    since = (today() - timedelta(days=3)).isoformat()
    assert f'first seen <time datetime="{since}">' in text(as_user(dee))
    assert "first seen" not in text(as_user(dee), "/insights/?segment=SMB")
    assert "first seen" not in text(as_user(ana))


def test_what_went_away_and_came_back_counts_from_its_return(
    company: None, as_user: AsUser, dee: User
) -> None:
    for back in (5, 3):
        tasks.keep_insights(0)
        InsightDay.objects.filter(day=today()).update(day=F("day") - timedelta(days=back))
    InsightDay.objects.filter(day=today() - timedelta(days=3), rule="STUCK_VALUE").delete()
    tasks.keep_insights(0)
    card = re.search(r"<article(?:(?!</article>).)*is stuck.*?</article>", text(as_user(dee)))
    assert card is not None
    assert f'first seen <time datetime="{today().isoformat()}">' in card[0]


def test_a_kept_address_shows_the_state_of_its_day(company: None) -> None:
    tasks.keep_insights(0)
    assert InsightDay.objects.exists()
    assert all("as_of=2025-06-30" in one.evidence for one in InsightDay.objects.all())


def test_the_figures_of_a_day_are_those_of_the_pages(
    company: None, as_user: AsUser, dee: User
) -> None:
    tasks.keep_kpis(0)
    answer = as_user(dee).get("/pipeline/panels/pipeline-kpis.json")
    shown = {row["field"]: row["value"] for row in answer.json()["rows"]}
    kept = dict(Kpi.objects.values_list("field", "value"))
    assert shown
    assert {field: kept[field] for field in shown} == pytest.approx(shown)
    assert set(Kpi.objects.values_list("day", flat=True)) == {a_quarter.LAST_DAY}


def test_figures_are_kept_once_for_each_state_of_the_data(company: None) -> None:
    tasks.keep_kpis(0)
    first = list(Kpi.objects.order_by("id").values())
    tasks.keep_kpis(0)
    assert list(Kpi.objects.order_by("id").values()) == first


def test_a_day_that_has_passed_keeps_its_figures(company: None, tmp_path: Path) -> None:
    tasks.keep_kpis(0)
    before = list(Kpi.objects.order_by("id").values())
    later = {**a_quarter.DEAL, "deal_id": "new", "owner": "ana", "stage": "Demo", "amount": "5"}
    later |= {"status": "open", "segment": "SMB", "created_at": "2025-07-04"}
    files.load(tmp_path / "later", {"pipeline_deals": [{**later, "last_stage_change": ""}]})
    call_command("snapshot_kpis", verbosity=0)
    assert list(
        Kpi.objects.filter(day=a_quarter.LAST_DAY, metric_slug__startswith="pipeline-")
        .order_by("id")
        .values()
    ) == [one for one in before if one["metric_slug"].startswith("pipeline-")]
    assert Kpi.objects.get(day=date(2025, 7, 4), metric_slug="pipeline-open-deals").value == 3


def test_an_empty_company_keeps_nothing(workspace: Workspace) -> None:
    tasks.keep_insights(0)
    tasks.keep_kpis(0)
    assert not InsightDay.objects.exists()
    assert not Kpi.objects.exists()
