"""Connecting Pipedrive: entered, tried against the simulator, mapped, synced, disconnected."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.actions import connecting as actions
from insights.catalog import DATASETS, SOURCES
from insights.models import SourceHook, SourceTrial
from insights.tasks import remap_source, sync_hinted
from pipeline.models import Deal, Stage
from revops_site.kernel import sync
from revops_site.kernel.models import (
    AuditEvent,
    DataLoad,
    Rep,
    SourceConnection,
    SourceRecord,
    SyncRun,
    User,
)
from tests.conftest import AsUser
from tests.sync.conftest import TOKEN, Simulator, run, simulator

PAGE = "/data/sources/pipedrive/"
SEGMENT = "22b4fffefc9588d7c4e9fdadc25be9c26b9817b8"
pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(scope="module")
def company() -> Any:
    """A small company's Pipedrive."""
    with simulator("--deals", "120") as one:
        yield one


@pytest.fixture
def crm(company: Simulator, settings: LazySettings) -> Simulator:
    """The same, at an address that the product may ask; nothing is connected."""
    settings.OUTGOING_LOOPBACK = True
    settings.SOURCES = {}
    return company


class Desk:
    """The page, as somebody fills it in."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def say(self, do: str, **given: str) -> Any:
        """Send a form of the page as it is now."""
        kept = SourceConnection.objects.filter(pk="pipedrive").first()
        version = kept.changed_at.isoformat() if kept and kept.changed_at else ""
        return self.client.post(PAGE, {"version": version, **given, "do": do})

    def connect(self, url: str, token: str = TOKEN) -> Any:
        """Enter address and token, and have the background try them."""
        answer = self.say("connect", company=url, token=token)
        work()
        return answer

    def text(self) -> str:
        """What the page says."""
        return self.client.get(PAGE).content.decode()


def work() -> None:
    """Do the trials that the background was asked for."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.TASK):
        actions.work(job.args["trial_id"], SOURCES, DATASETS)


@pytest.fixture
def desk(dee: User, as_user: AsUser) -> Desk:
    return Desk(as_user(dee))


def test_pipedrive_is_connected_tried_and_synced(crm: Simulator, desk: Desk) -> None:
    assert "Connect Pipedrive" in desk.client.get("/data/").content.decode()
    desk.connect(crm.url)
    assert "Pipedrive answers for Simulated Oy" in desk.text()
    assert not sync.is_connected("pipedrive")
    desk.say("enable")
    assert sync.is_connected("pipedrive")
    asked = SyncRun.objects.get()
    assert asked.by is not None
    assert asked.by.username == "dee"
    run()
    assert Deal.objects.count() == 120
    assert "Run now" in desk.client.get("/data/").content.decode()


def test_a_token_is_neither_shown_nor_stored_as_it_is_nor_written_down(
    crm: Simulator, desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    canary = "canary-token-0123456789"
    desk.connect(crm.url, canary)
    assert canary not in desk.text()
    kept = SourceConnection.objects.get()
    assert canary not in json.dumps([kept.token, kept.mapping, kept.base_url])
    assert not any(canary in json.dumps(one.detail) for one in AuditEvent.objects.all())
    assert canary not in "".join(capfd.readouterr())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE %s", [f"%{canary}%"]
        )
        assert cursor.fetchone()[0] == 0


def test_a_wrong_token_says_so_and_starts_nothing(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url, "wrong-token")
    assert "Pipedrive refuses the token" in desk.text()
    refused = desk.say("enable")
    assert refused.status_code == 422
    assert "Test the connection first" in refused.content.decode()
    assert not sync.is_connected("pipedrive")


def test_a_new_token_that_works_has_what_failed_read_at_once(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    run()
    SyncRun.objects.filter(status="queued").delete()
    ProcrastinateJob.objects.filter(task_name=sync.TASK).delete()
    crm.config(token="another-token")
    try:
        assert run().status == "failed"
        desk.connect(crm.url)
        assert not SyncRun.objects.filter(status="queued").exists(), "it is refused as before"
        desk.connect(crm.url, token="another-token")
        assert SyncRun.objects.filter(status="queued").count() == 1
    finally:
        crm.config(token=TOKEN)


@pytest.mark.parametrize(
    "address",
    [
        *("", "https://evil.example/", "pipedrive.com.evil.example", "http://acme.pipedrive.com"),
        *("https://acme.pipedrive.com:8443", "https://u:p@acme.pipedrive.com", "pipedrive.com"),
        *("http://169.254.169.254/", "https://[::1]/", "file:///etc/passwd", "a b", "x" * 300),
        *("http://127.0.0.1:22", "https://evilpipedrive.com", "javascript:alert(1)", "https://["),
    ],
)
def test_no_address_but_pipedrives_is_taken(
    address: str, desk: Desk, settings: LazySettings
) -> None:
    settings.SOURCES, settings.OUTGOING_LOOPBACK = {}, False
    answer = desk.say("connect", company=address, token=TOKEN)
    assert answer.status_code == 422
    assert not SourceConnection.objects.exclude(base_url="").exists()
    assert not SourceTrial.objects.exists()


def test_a_token_goes_to_no_other_address_than_it_was_entered_for(
    crm: Simulator, desk: Desk
) -> None:
    desk.connect(crm.url)
    answer = desk.say("connect", company="http://127.0.0.1:9")
    assert answer.status_code == 422
    assert "Enter the token again" in answer.content.decode()
    assert SourceConnection.objects.get().base_url == crm.url


def test_another_company_is_not_mixed_in_by_accident(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    run("users")
    other = crm.url.replace("127.0.0.1", "localhost")
    refused = desk.say("connect", company=other, token=TOKEN)
    assert refused.status_code == 422
    assert 'name="mixes"' in refused.content.decode()
    assert desk.say("connect", company=other, token=TOKEN, mixes="1").status_code == 302
    assert SourceConnection.objects.get().base_url == other


def test_a_dry_run_tells_what_would_come_and_leaves_nothing(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    desk.say("dry")
    work()
    found = SourceTrial.objects.get(kind="dry").found
    counts = {one["label"]: one["count"] for one in found["counts"]}
    assert counts["Deals"] == 120
    loads = {one["dataset"]: one for one in found["loads"]}
    assert loads["pipeline_deals"]["inserted"] == 120 - loads["pipeline_deals"]["refused"]
    assert len(found["deals"]) == 5
    assert "Some deals as they would be" in desk.text()
    assert not any(
        (Deal.objects.exists(), Rep.objects.exists(), DataLoad.objects.exists()),
    )
    assert not SourceRecord.objects.exists()


def test_stages_pipelines_users_and_fields_say_what_the_deals_are(
    crm: Simulator, desk: Desk
) -> None:
    Rep.objects.create(rep_id="kc", name="Katarzyna", email="USER1@sim.example")
    desk.connect(crm.url)
    assert "proposed: same e-mail" in desk.text()
    assert desk.say("stages", **{"probability:10": "12,5 %", "days:10": "9"}).status_code == 302
    desk.say("pipelines", **{"name:1": "", "name:2": "Old business", "name:3": "", "out:3": "1"})
    desk.say("users", **{"rep:1": "kc", "rep:2": ""})
    desk.say("fields", **{f"column:{SEGMENT}": "segment"})
    desk.say("currency", currency="sek")
    assert SourceConnection.objects.get().mapping == {
        "stages": {"10": {"probability": "0.125", "expected_days": 9}},
        "pipelines": {"2": {"name": "Old business"}, "3": {"is_left_out": True}},
        "users": {"1": "kc"},
        "fields": {SEGMENT: "segment"},
    }
    desk.connect(crm.url)
    desk.say("enable")
    run()
    stage = Stage.objects.get(stage_id="10")
    assert (float(stage.probability or 0), stage.expected_days) == (0.125, 9)
    assert Deal.objects.filter(owner_id="kc").exists()
    assert not Deal.objects.filter(owner_id="1").exists()
    assert Deal.objects.filter(segment="SMB").exists()
    assert not Deal.objects.filter(pipeline_id="3", is_deleted=False).exists()


def test_a_user_who_turns_out_to_be_a_rep_is_not_offered_twice(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    run()
    Rep.objects.create(rep_id="kc", name="Katarzyna", email="user1@sim.example")
    desk.say("users", **{"rep:1": "kc"})
    remap_source("pipedrive")
    run()
    assert Deal.objects.filter(owner_id="kc").exists()
    assert not Rep.objects.get(pk="1").is_active
    assert Rep.objects.get(pk="kc").is_active
    desk.say("users", **{"rep:1": ""})
    remap_source("pipedrive")
    run()
    run("users")
    assert Rep.objects.get(pk="1").is_active


def test_after_a_change_of_the_mapping_all_records_are_mapped_anew(
    crm: Simulator, desk: Desk
) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    run()
    desk.say("pipelines", **{"name:1": "", "out:1": "1"})
    job = ProcrastinateJob.objects.get(task_name=actions.REMAP)
    remap_source(**job.args)
    run()
    assert not Deal.objects.filter(pipeline_id="1", is_deleted=False).exists()
    changes = AuditEvent.objects.filter(action="source mapped").latest("id").detail["changes"]
    assert changes == ["1: None → {'is_left_out': True}"]


@pytest.mark.parametrize(
    ("do", "given", "says"),
    [
        ("stages", {"probability:10": "much"}, "Qualified: a chance is a number"),
        ("stages", {"probability:10": "101"}, "from 0 to 100"),
        ("stages", {"probability:10": "NaN"}, "from 0 to 100"),
        ("stages", {"probability:10": "", "days:10": "-1"}, "days are a whole number"),
        ("stages", {"probability:10": "", "days:10": "9" * 400}, "days are a whole number"),
        ("users", {"rep:1": "<script>alert(1)</script>"}, "there is no rep “&lt;script&gt;"),
        ("fields", {f"column:{SEGMENT}": "amount"}, "there is no such column"),
        ("currency", {"currency": "EURO"}, "A currency is three letters"),
        ("pipelines", {"name:1": "x" * 121}, "at most 120 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    do: str, given: dict[str, str], says: str, crm: Simulator, desk: Desk
) -> None:
    desk.connect(crm.url)
    answer = desk.say(do, **given)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert SourceConnection.objects.get().mapping == {}
    assert "<script>alert" not in text


def test_two_who_change_it_at_once_do_not_overwrite_each_other(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    old = SourceConnection.objects.get().changed_at
    assert old is not None
    desk.say("currency", currency="EUR")
    late = desk.client.post(PAGE, {"do": "currency", "currency": "USD", "version": old.isoformat()})
    assert late.status_code == 409
    assert "Somebody has changed these settings meanwhile" in late.content.decode()
    assert SourceConnection.objects.get().currency == "EUR"


def test_disconnecting_forgets_the_token_and_leaves_the_deals(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    run()
    assert desk.say("disconnect").status_code == 422
    desk.say("disconnect", sure="1")
    kept = SourceConnection.objects.get()
    assert (kept.token, kept.is_enabled) == ("", False)
    assert Deal.objects.count() == 120
    for page in ("/", "/sync/", "/data/"):
        assert "Disconnected" in desk.client.get(page).content.decode()
    assert "Figures are as of" in desk.client.get("/sync/").content.decode()
    assert "Sync now" not in desk.client.get("/sync/").content.decode()
    assert desk.client.post("/api/sync/trigger").status_code == 409
    told = desk.client.get("/api/sync/status").json()
    assert (told["sources"][0]["state"], told["is_stale"]) == ("disconnected", False)
    assert told["data_freshness"] is not None


def test_a_source_that_is_paused_says_so_and_goes_on_where_it_was(
    crm: Simulator, desk: Desk
) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    run()
    desk.say("pause")
    assert not sync.is_connected("pipedrive")
    assert "has it not read for now. Figures are as of" in desk.client.get("/").content.decode()
    assert desk.client.get("/api/sync/status").json()["sources"][0]["state"] == "paused"
    assert SourceConnection.objects.get().token
    assert "Start syncing" in desk.text()
    desk.say("enable")
    assert sync.is_connected("pipedrive")


def test_every_change_is_written_down(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    desk.say("enable")
    desk.say("currency", currency="EUR")
    desk.say("hook")
    desk.say("unhook")
    desk.say("disconnect", sure="1")
    done = set(AuditEvent.objects.filter(target="Pipedrive").values_list("action", flat=True))
    assert done >= {
        *("source set", "test of the connection asked for", "source connected", "source mapped"),
        *("webhook made", "webhook removed", "source disconnected"),
    }


def told(client: Client, password: str, body: bytes | None = None, **extra: Any) -> Any:
    """What Pipedrive would send, and what it is answered."""
    return client.post(
        "/hooks/pipedrive/",
        body if body is not None else b'{"meta": {"entity": "deal", "action": "change"}}',
        content_type="application/json",
        headers={"Authorization": f"Basic {basic('pipedrive', password)}"},
        **extra,
    )


def basic(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.fixture
def hooked(crm: Simulator, desk: Desk) -> str:
    """Pipedrive is connected and may tell of changes, by this password."""
    desk.connect(crm.url)
    desk.say("enable")
    text: str = desk.say("hook").content.decode()
    return text.partition('id="hook-secret">')[2].partition("<")[0]


def hints() -> int:
    return ProcrastinateJob.objects.filter(task_name=actions.HINT_TASK).count()


def test_a_webhook_has_what_changed_read_soon_once_however_often_it_comes(hooked: str) -> None:
    stranger = Client(enforce_csrf_checks=True)
    for _ in range(5):
        answer = told(stranger, hooked)
        assert (answer.status_code, answer.content) == (200, b"")
    assert hints() == 1
    before = SyncRun.objects.count()
    sync_hinted(**ProcrastinateJob.objects.get(task_name=actions.HINT_TASK).args)
    assert SyncRun.objects.count() == before + 1
    assert SyncRun.objects.first().entities == ["deals", "moves"]  # type: ignore[union-attr]
    assert SourceHook.objects.get().heard_at is not None
    assert not SourceRecord.objects.exists()


def test_the_password_of_a_webhook_is_shown_once_and_not_stored(hooked: str, desk: Desk) -> None:
    assert len(hooked) >= 40
    assert hooked not in desk.text()
    assert hooked not in SourceHook.objects.get().digest
    again = desk.say("hook").content.decode()
    assert hooked not in again
    assert told(Client(), hooked).status_code == 401


@pytest.mark.parametrize("header", ["", "Basic", "Basic ???", "Bearer x", "Basic cGlwZWRyaXZl"])
def test_who_has_no_password_is_told_nothing(header: str, hooked: str) -> None:
    for path in ("/hooks/pipedrive/", "/hooks/no-such-source/"):
        answer = Client().post(
            path, b"{}", content_type="text/plain", headers={"Authorization": header}
        )
        assert (answer.status_code, answer.content) == (401, b"")
    assert told(Client(), f"{hooked}x").status_code == 401
    assert hints() == 0


def test_without_a_webhook_every_password_is_wrong(crm: Simulator, desk: Desk) -> None:
    desk.connect(crm.url)
    assert told(Client(), "").status_code == 401


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b'{"meta": 7}', b'{"meta": {"entity": []}}', b"\xff", b"[" * 9999]
)
def test_a_message_that_says_nothing_is_taken_and_changes_nothing(body: bytes, hooked: str) -> None:
    assert told(Client(), hooked, body).status_code == 200
    assert hints() == 0


def test_a_large_message_is_not_read(hooked: str) -> None:
    assert told(Client(), hooked, b" " * 300_000).status_code == 413


def test_guesses_and_floods_are_put_off(hooked: str) -> None:
    stranger = Client()
    codes = [told(stranger, "wrong").status_code for _ in range(25)]
    assert codes[:20] == [401] * 20
    assert codes[20:] == [429] * 5
    cache.clear()
    codes = [told(stranger, hooked).status_code for _ in range(305)]
    assert codes.count(429) == 5
    assert hints() == 1
