"""A company's own scorecard: looked at before it is saved, then what all deals are judged by."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pipeline import tasks
from pipeline.actions import snapshots
from pipeline.analytics.scorecard import PUBLISHED
from pipeline.models import DealHealth, Scorecard
from pipeline.panels import forecasts
from pipeline.panels.health import kept
from pipeline.panels.health.fields import typed
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.conftest import AsUser
from tests.pipeline.a_quarter import LAST_DAY, fill, whole

pytestmark = pytest.mark.usefixtures("company")
ADDRESS = "/pipeline/health/settings/"


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each, their deals and what was done for them."""
    fill(tmp_path)
    tasks.reckon_health()


def sent(client: Client, do: str, **given: str) -> Any:
    return client.post(ADDRESS, typed(PUBLISHED) | given | {"do": do})


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def scores() -> dict[str, int]:
    kept.ready(whole())
    found = DealHealth.objects.filter(as_of=LAST_DAY)
    return dict(found.values_list("deal_id", "health_score"))


def test_what_would_change_is_shown_before_anything_is_saved(as_user: AsUser, dee: User) -> None:
    before = scores()
    said = words(sent(as_user(dee), "preview", quiet_days="100", healthy_from="70"))
    assert "Of 4 open deals would have" in said
    assert "other flags 3" in said
    assert "loses Going Dark" in said
    assert not Scorecard.objects.exists()
    assert scores() == before
    assert "No deal would change." in words(sent(as_user(dee), "preview"))


def test_a_saved_scorecard_judges_all_deals_and_forecasts_alike(as_user: AsUser, dee: User) -> None:
    before = scores()
    weights = {"weight_stage_velocity": "0", "weight_close_date": "40"}
    assert sent(as_user(dee), "save", **weights).status_code == 302
    after = scores()
    assert after != before
    assert kept.differing() == []
    deals = forecasts.reckon(whole()).deals.set_index("deal_id")["health_score"]
    assert {deal_id: after[deal_id] for deal_id in deals.index} == deals.to_dict()
    event = AuditEvent.objects.get(action="scorecard changed")
    assert event.user == dee
    assert event.detail["now"]["weights"]["close_date"] == 40


def test_days_that_were_kept_are_held_to_the_scorecard_of_then(as_user: AsUser, dee: User) -> None:
    tasks.take_snapshots()
    sent(as_user(dee), "save", weight_stage_velocity="0", weight_close_date="40")
    assert snapshots.differences(LAST_DAY) == []


def test_the_published_scorecard_can_be_filled_in_again(as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    sent(client, "save", quiet_days="20")
    assert "Published: 14" in words(client.get(ADDRESS))
    said = words(sent(client, "publish", quiet_days="20"))
    assert "What would change?" in said
    assert "Published: 14" not in said


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"weight_close_date": "16"}, "Weights have to add up to 100; these are 101."),
        ({"weight_close_date": "fifteen"}, "Give a whole number from 0 to 100."),
        ({"monitor_from": "80"}, "Healthy has to begin above Monitor."),
        ({"some_discount": "30"}, "A heavy discount has to be larger than the smaller one."),
        ({"quiet_days": "1.5"}, "Give a whole number from 1 to 365."),
        ({"stuck_times": "1,5"}, "Give a number such as 1.5 from 1 to 20."),
        ({"large_amount": "25,00"}, "Give a number such as 1.5 from 0 to 1,000,000,000,000."),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(
    as_user: AsUser, dee: User, given: dict[str, str], why: str
) -> None:
    answer = sent(as_user(dee), "save", **given)
    assert answer.status_code == 422
    assert why in words(answer)
    assert not Scorecard.objects.exists()


def test_thousands_may_be_parted_by_commas(as_user: AsUser, dee: User) -> None:
    assert sent(as_user(dee), "save", large_amount="1,250,000").status_code == 302
    assert Scorecard.objects.get().rules["large_amount"] == 1_250_000


def test_a_form_that_is_out_of_date_changes_nothing(as_user: AsUser, dee: User, ad: User) -> None:
    sent(as_user(dee), "save", quiet_days="20")
    answer = sent(as_user(ad), "save", quiet_days="30")
    assert answer.status_code == 422
    assert "changed the scorecard since you opened this" in words(answer)
    assert Scorecard.objects.count() == 1
    seen = str(Scorecard.objects.get().pk)
    assert sent(as_user(ad), "save", quiet_days="30", seen=seen).status_code == 302


def test_only_revops_and_admins_are_led_there_and_let_in(
    as_user: AsUser, dee: User, bo: User, vi: User
) -> None:
    assert ADDRESS in as_user(dee).get("/pipeline/health/").content.decode()
    for somebody in (bo, vi):
        assert ADDRESS not in as_user(somebody).get("/pipeline/health/").content.decode()
        assert as_user(somebody).get(ADDRESS).status_code == 403
        assert sent(as_user(somebody), "save", quiet_days="20").status_code == 403
