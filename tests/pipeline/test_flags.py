"""A flag that somebody muted is told of no more: for a while, or until the deal loses it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from pipeline.datasets import PIPELINE_DEALS
from pipeline.models import Deal, DealChange, DealHealth, FlagMute
from pipeline.panels.health import kept
from revops_site.kernel.loading import rows
from revops_site.kernel.models import AuditEvent, User, Workspace
from tests.conftest import AsUser
from tests.pipeline.a_quarter import LAST_DAY, fill, whole

pytestmark = pytest.mark.usefixtures("company")
ADDRESS = "/pipeline/flags/B5/"
UNTIL = {"flag": "STUCK", "reason": "Waits for their board", "until": "2025-07-05"}


@pytest.fixture
def company(ana: User, cy: User, bo: User, workspace: Workspace, tmp_path: Path) -> None:
    """Two teams of one rep each, their deals and what was done for them."""
    fill(tmp_path)


def sent(client: Client, /, **given: str) -> Any:
    return client.post(ADDRESS, UNTIL | given)


def words(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def judged(deal_id: str = "B5", day: date = LAST_DAY) -> DealHealth:
    kept.ready(whole() if day == LAST_DAY else whole(as_of=day))
    return DealHealth.objects.get(deal_id=deal_id, as_of=day)


def change(**changes: str) -> None:
    (told,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="B5")])
    rows.write(PIPELINE_DEALS, [told | changes], kind="app", source="test", by=None)


def key() -> str:
    return str(FlagMute.objects.get(ended_at=None).pk)


def test_a_snoozed_flag_is_shown_muted_with_who_why_and_until(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    before = judged()
    assert before.risk_flags[:2] == ["STUCK", "GOING_DARK"]
    assert sent(client).status_code == 302
    said = words(client.get(ADDRESS))
    assert "Muted until 5 Jul 2025 by" in said
    assert "Waits for their board" in said
    after = judged()
    assert (after.risk_flags, after.muted) == (before.risk_flags, ["STUCK"])
    assert after.heeded_display.startswith("Going Dark")
    assert after.muted_display == "Stuck"
    assert after.action_reason == "No activity in the 71 days since it was created: get in touch."
    assert (after.health_score, after.urgency) == (before.health_score, before.urgency)


def test_a_flag_that_the_deal_does_not_have_is_not_muted(as_user: AsUser, cy: User) -> None:
    judged()
    answer = sent(as_user(cy), flag="HEAVY_DISCOUNT")
    assert answer.status_code == 422
    assert "The deal does not have this flag, or has lost it since." in words(answer)
    assert not FlagMute.objects.exists()


def test_what_was_muted_is_in_the_deal_s_log_and_in_the_audit(as_user: AsUser, cy: User) -> None:
    sent(as_user(cy))
    told = DealChange.objects.get(deal_id="B5", field="flag")
    assert (told.old, told.new) == (
        "Stuck",
        "Stuck, muted until 2025-07-05: Waits for their board",
    )
    event = AuditEvent.objects.get(action="flag muted")
    assert (event.user, event.target, event.detail["flag"]) == (cy, "B5", "STUCK")


def test_a_snooze_is_over_once_its_day_is(as_user: AsUser, cy: User) -> None:
    sent(as_user(cy), until="2025-06-30")
    assert judged().muted == ["STUCK"]
    change(opportunity_name="Later")  # what follows a day is told by a load
    (other,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="B1")])
    later = [other | {"last_stage_change": "2025-07-01"}]
    rows.write(PIPELINE_DEALS, later, kind="app", source="test", by=None)
    kept.reckon()
    assert DealHealth.objects.get(deal_id="B5", as_of=date(2025, 7, 1)).muted == []


def test_a_snooze_that_is_over_can_be_followed_by_another(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    sent(client, until="2025-06-30")
    (other,) = rows.texts(PIPELINE_DEALS, [Deal.objects.get(pk="B1")])
    later = [other | {"last_stage_change": "2025-07-01"}]
    rows.write(PIPELINE_DEALS, later, kind="app", source="test", by=None)
    assert "Muted" not in words(client.get(ADDRESS))
    assert sent(client, do="take back").status_code == 302  # nothing is muted, nothing happens
    answer = sent(client, reason="Their board meets again", until="2025-07-08", seen="")
    assert answer.status_code == 302, words(answer)
    assert "Their board meets again" in words(client.get(ADDRESS))
    found = FlagMute.objects.order_by("id").values_list("ended", flat=True)
    assert list(found) == [FlagMute.Ended.REPLACED, ""]


def test_a_dismissed_flag_is_told_of_when_it_went_and_came_again(as_user: AsUser, cy: User) -> None:
    sent(as_user(cy), until="")
    assert judged().muted == ["STUCK"]
    change(last_stage_change="2025-06-29")
    assert "STUCK" not in judged().risk_flags
    assert FlagMute.objects.get().ended == FlagMute.Ended.GONE
    change(last_stage_change="2025-05-01")
    again = judged()
    assert ("STUCK" in again.risk_flags, again.muted) == (True, [])


def test_what_was_muted_can_be_taken_back_and_muted_otherwise(as_user: AsUser, cy: User) -> None:
    client = as_user(cy)
    sent(client)
    sent(client, reason="Their board met late", seen=key())
    assert FlagMute.objects.filter(ended=FlagMute.Ended.REPLACED).count() == 1
    sent(client, do="take back", seen=key())
    assert judged().muted == []
    assert FlagMute.objects.filter(ended_at=None).count() == 0


def test_a_form_that_is_out_of_date_changes_nothing_and_says_so(
    as_user: AsUser, cy: User, dee: User
) -> None:
    sent(as_user(cy))
    answer = sent(as_user(dee), reason="Something else", seen="")
    assert answer.status_code == 422
    assert "Waits for their board" in words(answer)
    assert FlagMute.objects.get().reason == "Waits for their board"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reason": " "}, "Say why"),
        ({"reason": "x" * 301}, "at most 300 characters"),
        ({"until": "2025-06-29"}, "Choose a day from"),
        ({"until": "soon"}, "Until when"),
        ({"flag": "NONE_SUCH"}, "There is no such flag"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(
    as_user: AsUser, cy: User, given: dict[str, str], why: str
) -> None:
    answer = sent(as_user(cy), **given)
    assert answer.status_code == 422
    assert why in words(answer)
    assert not FlagMute.objects.exists()


def test_owner_manager_and_revops_may_and_nobody_else(
    as_user: AsUser, ana: User, bo: User, dee: User, vi: User
) -> None:
    assert as_user(ana).get(ADDRESS).status_code == 404
    assert sent(as_user(ana)).status_code in {404, 422}
    assert sent(as_user(bo)).status_code in {404, 422}
    assert sent(as_user(vi)).status_code == 403
    assert as_user(vi).get(ADDRESS).status_code == 200
    assert not FlagMute.objects.exists()
    own = as_user(bo).post(ADDRESS.replace("B5", "B2"), UNTIL | {"flag": "NO_NEXT_STEP"})
    assert own.status_code == 302
    assert sent(as_user(dee)).status_code == 302
