"""The stored health of open deals is what their data tell, whatever happens to the data."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pipeline import tasks
from pipeline.datasets import ACTIVITIES, CONTACTS, PIPELINE_DEALS, STAGES
from pipeline.models import Deal, DealHealth, HealthDue
from pipeline.panels.health import deal as of_deal
from pipeline.panels.health import kept
from pipeline.queries import health
from pipeline.rollups import health as due
from revops_site.kernel import freshness
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User, Workspace
from tests.pipeline.a_quarter import LAST_DAY, MONDAY, fill, whole

pytestmark = pytest.mark.usefixtures("company")
OPEN = {"B1", "B2", "B4", "B5"}  # B6 is omitted


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each, their deals and what was done for them."""
    fill(tmp_path)


def put(dataset: Any, *given: dict[str, Any]) -> None:
    report = rows.write(dataset, given, kind="app", source="test", by=None)
    assert not report.refused, report.sample


def change(deal_id: str, **changes: str) -> None:
    (told,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk=deal_id)])
    put(PIPELINE_DEALS, told | changes)


def scores(day: date = LAST_DAY) -> dict[str, int]:
    found = DealHealth.objects.filter(as_of=day)
    return dict(found.values_list("deal_id", "health_score"))


def test_the_worker_scores_every_open_deal_of_a_load() -> None:
    assert health.work(LAST_DAY) == 5
    tasks.reckon_health()
    assert set(scores()) == OPEN
    assert kept.differing() == []
    assert health.work(LAST_DAY) == 0


def test_a_page_that_comes_before_the_worker_has_little_reckoned_at_once() -> None:
    assert kept.ready(whole())
    assert set(scores()) == OPEN


def test_what_is_done_for_a_deal_changes_its_health_alone() -> None:
    put(CONTACTS, {"deal_id": "B1", "contact_id": "O", "name": "Ole"})
    kept.ready(whole())
    before = scores()
    call = {"activity_id": "T2", "rep_id": "cy", "deal_id": "B5", "type": "call"}
    put(ACTIVITIES, call | {"done_at": "2025-06-30T10:00:00Z", "is_done": "true"})
    put(CONTACTS, {"deal_id": "B4", "contact_id": "P", "name": "Pia", "is_champion": "true"})
    assert health.work(LAST_DAY) == 2
    kept.ready(whole())
    after = scores()
    assert {one for one in OPEN if before[one] != after[one]} == {"B5"}
    assert DealHealth.objects.get(deal_id="B4", as_of=LAST_DAY).action_target == "Pia"
    assert kept.differing() == []


def test_a_deal_that_is_won_has_no_health_and_one_that_is_opened_again_has() -> None:
    kept.ready(whole())
    change("B1", status="won", closed_on="2025-06-30", stage_name="Closed_Won")
    kept.ready(whole())
    assert set(scores()) == OPEN - {"B1"}
    assert of_deal.of_deal("B1") is None
    change("B1", status="open", closed_on="", stage_name="Negotiation")
    kept.ready(whole())
    assert set(scores()) == OPEN


def test_other_stages_a_new_day_and_another_currency_have_all_reckoned_anew() -> None:
    kept.ready(whole())
    stage = {"stage_id": "S4", "pipeline_id": "new", "stage_name": "Negotiation"}
    put(STAGES, stage | {"stage_order": "4", "probability": "0.75", "expected_days": "5"})
    assert health.work(LAST_DAY) > len(OPEN)
    tasks.reckon_health()
    assert "STUCK" in DealHealth.objects.get(deal_id="B1", as_of=LAST_DAY).risk_flags
    change("B2", last_stage_change="2025-07-01")
    tasks.keep_health()
    assert set(scores(date(2025, 7, 1))) == OPEN
    assert kept.differing() == []


def test_a_past_day_is_scored_as_deals_stood_then_and_again_once_data_change() -> None:
    change("B5", amount="10")
    slice_ = whole(as_of=MONDAY)
    assert kept.ready(slice_)
    assert set(scores(MONDAY)) == OPEN
    assert set(scores()) == set()
    change("B4", status="lost", closed_on="2025-06-20", stage_name="Closed_Lost")
    assert kept.ready(slice_)
    assert set(scores(MONDAY)) == OPEN - {"B4"}


def test_the_health_of_one_deal_says_why_with_the_same_numbers() -> None:
    kept.ready(whole())
    found = of_deal.of_deal("B4")
    assert found is not None
    row = DealHealth.objects.get(deal_id="B4", as_of=LAST_DAY)
    assert found.health_score == row.health_score == sum(one.points for one in found.components)
    assert [one.name for one in found.flags] == row.risk_flags
    assert found.flags[0].why == "Expected close was 2 days ago: agree on a new date, or close it."
    assert (found.urgency, found.primary_action) == (row.urgency, row.primary_action)
    assert found.action_reason == row.action_reason == found.flags[0].why
    velocity = found.components[0]
    assert velocity.reason == "60 days in its stage, which has no benchmark."
    assert velocity.evidence == {"days_in_stage": 60, "expected_days": None}


def test_the_command_scores_all_and_says_where_what_is_stored_is_untrue() -> None:
    said = StringIO()
    call_command("health", stdout=said)
    assert said.getvalue().startswith("4 deals scored in ")
    call_command("health", "--check", stdout=said)
    DealHealth.objects.filter(deal_id="B2").update(health_score=1)
    with pytest.raises(SystemExit):
        call_command("health", "--check", stdout=said)
    assert said.getvalue().endswith("1 differing: B2\n")


def test_more_deals_are_no_more_questions() -> None:
    kept.ready(whole())
    counts = []
    for ids in (["B1"], sorted(OPEN)):
        due.mark(ids)
        with CaptureQueriesContext(connection) as asked:
            assert kept.reckon() == len(ids)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def test_a_load_that_is_undone_leaves_nothing_due() -> None:
    kept.ready(whole())
    rows.write(
        PIPELINE_DEALS,
        rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="B1")]),
        kind="app",
        source="test",
        by=None,
        dry_run=True,
    )
    assert not HealthDue.objects.exists()


def test_pages_are_drawn_anew_once_much_was_scored_in_the_background() -> None:
    before = freshness.generation()
    assert kept.reckon(many=3) == 4
    assert freshness.generation() == before + 1
    assert health.is_current(LAST_DAY, freshness.workspace())
    change("B5", amount="5")
    before = freshness.generation()
    assert kept.reckon(many=3) == 1
    assert freshness.generation() == before
