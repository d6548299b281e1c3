"""A deal that is put into another stage at the desk leaves the one before, on that day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from pipeline.datasets import PIPELINE_DEALS, STAGE_HISTORY
from pipeline.models import Deal, StageVisit
from revops_site.kernel import clock
from revops_site.kernel.models import DataLoad, User, Workspace
from tests.conftest import AsUser
from tests.test_edits import DEAL, edit, write

STAY = {
    "deal_id": "D1",
    "pipeline_id": None,
    "stage_name": "Demo",
    "entered_at": "2025-02-01T09:30:00.5Z",
}


@pytest.fixture
def desk(dee: User, ana: User, workspace: Workspace, as_user: AsUser) -> Client:
    Workspace.objects.update(time_zone="Pacific/Kiritimati")
    assert write(PIPELINE_DEALS, DEAL).accepted == 1
    assert write(STAGE_HISTORY, STAY).accepted == 1
    return as_user(dee)


def change(desk: Client, **fields: str) -> None:
    answer: Any = edit(desk, "pipeline_deal", "D1", **fields)
    assert answer.status_code == 302, answer.context["adminform"].form.errors


def stays() -> list[tuple[str, bool]]:
    """Each stage in order, with whether the deal is still in it."""
    found = StageVisit.objects.order_by("entered_at", "exited_at")
    return [(stay.stage_name, stay.exited_at is None) for stay in found]


def test_a_new_stage_begins_today_and_ends_the_one_before(desk: Client) -> None:
    change(desk, stage_name="Negotiation")
    assert Deal.objects.get().last_stage_change == clock.today("Pacific/Kiritimati")
    assert stays() == [("Demo", False), ("Negotiation", True)]
    before, after = StageVisit.objects.order_by("entered_at")
    assert before.exited_at == after.entered_at
    assert 0 <= (clock.now() - after.entered_at).total_seconds() < 60
    load = DataLoad.objects.get(dataset="stage_history", kind="edit")
    assert (load.inserted, load.updated) == (1, 1)
    assert load.file_name == "edit of pipeline.Deal D1"


def test_a_new_stage_begins_on_the_day_that_the_form_names(desk: Client) -> None:
    change(desk, stage_name="Negotiation", last_stage_change="2025-03-04")
    assert Deal.objects.get().last_stage_change == date(2025, 3, 4)
    before, after = StageVisit.objects.order_by("entered_at")
    assert before.exited_at == after.entered_at
    assert after.entered_at.isoformat() == "2025-03-03T10:00:00+00:00"


def test_a_deal_that_is_won_is_in_no_stage_any_more(desk: Client) -> None:
    change(desk, stage_name="Closed Won", status="won")
    deal = Deal.objects.get()
    assert deal.closed_at == deal.last_stage_change == clock.today("Pacific/Kiritimati")
    assert stays() == [("Demo", False)]


def test_another_amount_moves_nothing(desk: Client) -> None:
    change(desk, amount="1")
    assert Deal.objects.get().last_stage_change == date(2025, 2, 1)
    assert stays() == [("Demo", True)]


def test_a_deal_without_a_history_begins_one(desk: Client) -> None:
    write(PIPELINE_DEALS, {**DEAL, "deal_id": "D2"})
    answer = edit(desk, "pipeline_deal", "D2", stage_name="Negotiation")
    assert answer.status_code == 302
    assert StageVisit.objects.get(deal_id="D2").stage_name == "Negotiation"
