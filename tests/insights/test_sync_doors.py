"""Syncs as programs and people ask for them: what is told to whom, and who may want one now."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from pipeline.sources import PIPEDRIVE
from revops_site.kernel import clock, sync
from revops_site.kernel.models import AuditEvent, SyncRun, SyncState, User
from tests.conftest import AsUser

EAGER = [one for one in PIPEDRIVE.entities if not one.is_lazy]
FIELDS = {
    *("entity_type", "last_sync_time", "last_sync_duration_ms", "records_synced", "status"),
    "error_message",
}


@pytest.fixture
def connected(db: None, settings: LazySettings) -> None:
    """Pipedrive is connected by the environment."""
    settings.SOURCES = {"pipedrive": {"token": "t", "base_url": "https://acme.pipedrive.com"}}


def read(minutes_ago: float = 5, *, but: str = "", status: str = "success") -> None:
    """All kinds of records were read so long ago, one of them otherwise."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    for one in PIPEDRIVE.entities:
        SyncState.objects.create(
            source="pipedrive",
            entity_type=one.name,
            last_sync_time=at,
            last_sync_duration_ms=1200,
            records_synced=42,
            status=status if one.name == but else "success",
            error_message="Pipedrive is busy." if one.name == but and status == "failed" else "",
        )


def ran(status: str, message: str = "", seconds_ago: float = 60) -> SyncRun:
    """A run that ended so long ago, or waits since."""
    at = clock.now() - timedelta(seconds=seconds_ago)
    ended = None if status == "queued" else at
    return SyncRun.objects.create(
        source="pipedrive",
        status=status,
        asked_at=at,
        started_at=ended,
        finished_at=ended,
        message=message,
    )


def indicator(client: Client) -> str:
    return client.get("/sync/state/", headers={"HX-Request": "true"}).content.decode()


def test_the_status_has_each_kind_of_record_with_exactly_the_fields_of_the_contract(
    connected: None, vi: User, as_user: AsUser
) -> None:
    read(but="deals", status="failed")
    told = as_user(vi).get("/api/sync/status").json()
    assert [set(one) for one in told["entities"]] == [FIELDS] * len(EAGER)
    deals = next(one for one in told["entities"] if one["entity_type"] == "deals")
    assert (deals["status"], deals["records_synced"]) == ("failed", 42)
    assert (deals["error_message"], deals["last_sync_duration_ms"]) == ("Pipedrive is busy.", 1200)
    assert told["data_freshness"] == deals["last_sync_time"]
    assert not told["is_stale"]


def test_the_oldest_good_reading_says_how_old_the_data_are(
    connected: None, vi: User, as_user: AsUser
) -> None:
    read()
    old = clock.now() - timedelta(minutes=61)
    SyncState.objects.filter(entity_type="persons").update(last_sync_time=old, status="failed")
    told = as_user(vi).get("/api/sync/status").json()
    assert told["data_freshness"] == old.isoformat().replace("+00:00", "Z")
    assert told["is_stale"]


def test_what_is_read_once_a_day_makes_nothing_late_within_two(
    connected: None, vi: User, as_user: AsUser
) -> None:
    read()
    for hours, late in ((40, False), (49, True)):
        at = clock.now() - timedelta(hours=hours)
        SyncState.objects.filter(entity_type="stages").update(last_sync_time=at)
        assert as_user(vi).get("/api/sync/status").json()["is_stale"] is late


def test_who_sees_some_rows_alone_is_not_told_how_many_there_are(
    connected: None, ana: User, bo: User, as_user: AsUser
) -> None:
    read()
    for person in (ana, bo):
        told = as_user(person).get("/api/sync/status").json()
        assert {one["records_synced"] for one in told["entities"]} == {None}
        page = as_user(person).get("/sync/").content.decode()
        words = re.sub(r"<[^>]*>", " ", page.partition("<main")[2])
        assert not re.search(r"\b42\b", words)


def test_before_anything_is_connected_there_is_nothing_to_tell(vi: User, as_user: AsUser) -> None:
    told = as_user(vi).get("/api/sync/status").json()
    assert (told["entities"], told["data_freshness"]) == ([], None)
    assert told["sources"] == [{"source": "pipedrive", "label": "Pipedrive", "state": "off"}]
    assert "sync-menu" not in as_user(vi).get("/glossary/").content.decode()


@pytest.mark.parametrize("role", ["rep", "manager", "revops", "admin"])
def test_who_works_with_deals_may_have_them_read_now(
    role: str, connected: None, ana: User, bo: User, dee: User, ad: User, as_user: AsUser
) -> None:
    person = {one.role: one for one in (ana, bo, dee, ad)}[role]
    answer = as_user(person).post("/api/sync/trigger")
    assert (answer.status_code, answer.json()) == (202, {"status": "sync_started"})
    run = SyncRun.objects.get()
    assert (run.status, run.by, run.entities) == ("queued", person, None)
    assert ProcrastinateJob.objects.filter(task_name=sync.TASK).count() == 1
    assert AuditEvent.objects.get(action="sync asked for").user == person


def test_viewers_and_strangers_may_not(connected: None, vi: User, as_user: AsUser) -> None:
    refused = as_user(vi).post("/api/sync/trigger")
    assert refused.status_code == 403
    assert "does not include" in refused.json()["detail"]
    assert as_user(vi).post("/sync/").status_code == 403
    assert Client().post("/api/sync/trigger").status_code == 401
    assert not SyncRun.objects.exists()


def test_one_kind_of_record_can_be_asked_for_and_an_unknown_one_cannot(
    connected: None, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    assert client.post("/api/sync/trigger/deals").status_code == 202
    assert SyncRun.objects.get().entities == ["deals", "moves"]
    unknown = client.post("/api/sync/trigger/leads")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_entity")
    assert "deals" in unknown.json()["detail"]


def test_nothing_is_asked_for_where_nothing_is_connected(ana: User, as_user: AsUser) -> None:
    answer = as_user(ana).post("/api/sync/trigger")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_connected")


def test_a_sync_under_way_is_not_asked_for_again(
    connected: None, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    client.post("/api/sync/trigger")
    again = client.post("/api/sync/trigger")
    assert (again.status_code, again.json()["code"]) == (409, "sync_in_progress")
    assert SyncRun.objects.count() == 1


def test_what_was_read_a_moment_ago_is_not_read_again(
    connected: None, ana: User, as_user: AsUser
) -> None:
    read(minutes_ago=0.1)
    ran("success", seconds_ago=5)
    answer = as_user(ana).post("/api/sync/trigger")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_soon")
    assert 1 <= int(answer["Retry-After"]) <= 20


def test_a_program_that_has_a_session_needs_the_form_s_token(connected: None, ana: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    assert client.post("/api/sync/trigger").status_code == 403
    assert client.post("/sync/").status_code == 403
    assert not SyncRun.objects.exists()


def test_without_scripts_the_button_leads_to_the_page_of_syncs(
    connected: None, ana: User, as_user: AsUser
) -> None:
    client = as_user(ana)
    answer = client.post("/sync/")
    assert (answer.status_code, answer["Location"]) == (302, "/sync/")
    assert "Sync waits" in client.get("/sync/").content.decode()
    again = client.post("/sync/")
    assert again.status_code == 409
    assert "under way already" in again.content.decode()


def test_the_header_tells_each_state_in_words(connected: None, ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    assert "Not synced yet" in indicator(client)
    read()
    assert "Synced " in indicator(client)
    SyncState.objects.update(last_sync_time=clock.now() - timedelta(hours=3))
    assert "Last read 3 hours ago" in indicator(client)
    run = ran("failed", "Pipedrive refuses the token.")
    assert "Pipedrive refuses the token. Figures are as of" in indicator(client)
    SyncRun.objects.filter(pk=run.pk).update(status="queued")
    SyncRun.objects.filter(pk=run.pk).update(asked_at=clock.now())
    assert "Sync waits" in indicator(client)


def test_a_page_that_asks_is_told_when_there_is_nothing_more_to_wait_for(
    connected: None, ana: User, as_user: AsUser
) -> None:
    client, hx = as_user(ana), {"HX-Request": "true"}
    client.post("/api/sync/trigger")
    assert client.get("/sync/state/", headers=hx).status_code == 200
    SyncRun.objects.update(status="success", finished_at=clock.now())
    read()
    assert client.get("/sync/state/", headers=hx).status_code == 286
    assert client.get("/sync/state/").status_code == 302


def test_a_run_nobody_works_on_is_not_waited_for_for_ever(
    connected: None, ana: User, as_user: AsUser
) -> None:
    read()
    ran("queued", seconds_ago=3600)
    answer = as_user(ana).get("/sync/state/", headers={"HX-Request": "true"})
    assert answer.status_code == 286
    assert as_user(ana).post("/api/sync/trigger").status_code == 202


def test_what_a_source_says_is_text(connected: None, ana: User, as_user: AsUser) -> None:
    read(but="deals", status="failed")
    hostile = "<img src=x onerror=alert(1)>"
    SyncState.objects.filter(entity_type="deals").update(error_message=hostile)
    ran("failed", hostile)
    for address in ("/sync/", "/glossary/"):
        page = as_user(ana).get(address).content.decode()
        assert hostile not in page
        assert "&lt;img src=x" in page
