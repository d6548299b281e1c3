"""Posts with a key of the program's own: done once, however often they are sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.db.models import F
from django.test import Client

from coaching.models import Mail
from insights.models import KeptAnswer, Upload
from insights.tasks import forget_old_answers
from revops_site.kernel import tokens
from revops_site.kernel.locks import TAKE
from revops_site.kernel.models import ApiToken, AuditEvent, User, Workspace
from tests.coaching import a_mailbox
from tests.conftest import AsUser
from tests.insights.api.programs import PROBLEM, program, told

pytestmark = pytest.mark.django_db
FOLLOWUPS = "/api/emails/followups"
GENERATE = f"{FOLLOWUPS}/generate"
FULL = "nothing_can_be_kept"
ROWS = b"channel,date,spend,leads\nLinkedIn,2025-06-01,100,3\n"


@pytest.fixture
def mailbox(ana: User, bo: User, cy: User, dee: User, workspace: Workspace, tmp_path: Path) -> None:
    """Three deals of Ana's wait, and one of Cy's."""
    a_mailbox.load(tmp_path / "mailbox")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path / "uploads"


def post(client: Client, url: str, body: Any, key: str, status: int = 200) -> Any:
    answer = client.post(
        url, body, content_type="application/json", headers={"Idempotency-Key": key}
    )
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == (PROBLEM if status >= 400 else "application/json")
    return answer.json()


def upload(client: Client, content: bytes, key: str, **more: str) -> Any:
    file = SimpleUploadedFile("days.csv", content, "text/csv")
    headers = {"Idempotency-Key": key}
    return client.post("/api/ingest/upload", {"file": file, **more}, headers=headers)


@pytest.mark.usefixtures("mailbox")
def test_follow_ups_are_approved_as_they_were_read_and_once(ana: User, cy: User) -> None:
    client = program(ana, "write")
    made = post(client, GENERATE, {"deal_id": "D0"}, "one")
    assert [one["deal_id"] for one in made["followups"]] == ["D0"]
    assert post(client, GENERATE, {"deal_id": "D0"}, "one") == made
    assert post(client, GENERATE, {}, "all")["drafted"] == 2
    drafts = told(client, "emails/followups")
    assert {one["deal_id"] for one in drafts} == {"D0", "D1", "D2"}
    assert {one["status"] for one in drafts} == {"draft"}
    asked = {"mails": [{"id": one["id"], "version": one["version"]} for one in drafts[:2]]}
    stale = {"mails": [{"id": drafts[2]["id"], "version": "99"}]}
    assert post(client, f"{FOLLOWUPS}/send", stale, "stale")["refused"]
    sent = post(client, f"{FOLLOWUPS}/send", asked, "send")
    assert (len(sent["approved"]), sent["refused"]) == (2, [])
    assert post(client, f"{FOLLOWUPS}/send", asked, "send") == sent
    assert AuditEvent.objects.filter(action="follow-up approved", user=ana).count() == 2
    states = dict(Mail.objects.values_list("deal_id", "state"))
    assert states == {drafts[0]["deal_id"]: "approved", drafts[1]["deal_id"]: "approved"} | {
        drafts[2]["deal_id"]: "draft"
    }
    theirs = post(program(cy, "write"), f"{FOLLOWUPS}/send", asked, "send")
    assert theirs["approved"] == [], "a key is one's own"


@pytest.mark.usefixtures("mailbox")
def test_nothing_is_done_where_the_answer_cannot_be_kept(ana: User) -> None:
    client = program(ana, "write")
    client.raise_request_exception = False
    asked: dict[str, Any] = {
        "content_type": "application/json",
        "headers": {"Idempotency-Key": "k"},
    }
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE insights_keptanswer ADD CONSTRAINT {FULL} CHECK (false)")
    assert client.post(GENERATE, {}, **asked).status_code >= 500
    assert not Mail.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE insights_keptanswer DROP CONSTRAINT {FULL}")
    assert client.post(GENERATE, {}, **asked).status_code == 200
    assert Mail.objects.count() == 3


def test_a_file_is_taken_once_and_known_by_its_bytes(dee: User) -> None:
    client = program(dee, "write")
    first = upload(client, ROWS, "k", load="true")
    again = upload(client, ROWS, "k", load="true")
    assert (again.status_code, again.content) == (202, first.content)
    assert Upload.objects.count() == 1
    for other in (upload(client, ROWS + b"x", "k", load="true"), upload(client, ROWS, "k")):
        assert (other.status_code, other["Content-Type"]) == (409, PROBLEM)
        assert "another request" in other.json()["detail"]
    assert upload(client, ROWS, "k2").status_code == 202
    assert Upload.objects.count() == 2


@pytest.mark.usefixtures("mailbox")
def test_another_body_or_address_under_the_same_key_is_a_conflict(ana: User) -> None:
    client = program(ana, "write")
    post(client, GENERATE, {"deal_id": "D0"}, "k")
    assert "another request" in post(client, GENERATE, {"deal_id": "D1"}, "k", 409)["detail"]
    other = post(client, f"{FOLLOWUPS}/send", {"mails": [{"id": 1, "version": "1"}]}, "k", 409)
    assert other["status"] == 409
    assert Mail.objects.count() == 1


@pytest.mark.usefixtures("mailbox")
def test_what_was_refused_can_be_sent_again_under_its_key(ana: User) -> None:
    client = program(ana, "write")
    post(client, GENERATE, {"deal_id": "C0"}, "k", 404)
    post(client, GENERATE, {"deal": "D0"}, "k", 422)
    assert post(client, GENERATE, {"deal_id": "D0"}, "k")["drafted"] == 1


@pytest.mark.usefixtures("mailbox")
def test_each_token_and_each_login_has_keys_of_its_own(ana: User, as_user: AsUser) -> None:
    for client in (program(ana, "write"), program(ana, "write"), as_user(ana)):
        post(client, GENERATE, {}, "k")
    assert KeptAnswer.objects.count() == 3
    assert KeptAnswer.objects.filter(token=None).count() == 1


@pytest.mark.usefixtures("mailbox")
@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "é"])
def test_a_key_that_cannot_be_one_is_refused(key: str, ana: User) -> None:
    assert "200 characters" in post(program(ana, "write"), GENERATE, {}, key, 422)["detail"]
    assert not Mail.objects.exists()


@pytest.mark.usefixtures("mailbox")
def test_a_day_later_the_key_is_forgotten(ana: User) -> None:
    client = program(ana, "write")
    assert post(client, GENERATE, {}, "k")["drafted"] == 3
    forget_old_answers(timestamp=0)
    assert post(client, GENERATE, {}, "k")["drafted"] == 3
    KeptAnswer.objects.update(kept_at=F("kept_at") - timedelta(days=1))
    assert post(client, GENERATE, {}, "k")["drafted"] == 0, "its day is over: it is done anew"
    KeptAnswer.objects.update(kept_at=F("kept_at") - timedelta(days=1))
    forget_old_answers(timestamp=0)
    assert not KeptAnswer.objects.exists()


@contextmanager
def under_way(token: ApiToken, key: str) -> Iterator[None]:
    """Another process does what this token sent under this key."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(TAKE, [f"post {token.user_id} {token.pk} {key}"])
        yield
    finally:
        other.close()


@pytest.mark.usefixtures("mailbox")
def test_while_the_first_is_under_way_the_second_is_told_to_wait(ana: User) -> None:
    client = program(ana, "write")
    (token,) = ApiToken.objects.filter(user=ana)
    with under_way(token, "k"):
        busy = client.post(
            GENERATE, {}, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        assert (busy.status_code, busy["Retry-After"]) == (409, "1")
        assert "under way" in busy.json()["detail"]
        assert not Mail.objects.exists()
        post(client, GENERATE, {"deal_id": "D0"}, "other")
    assert post(client, GENERATE, {}, "k")["drafted"] == 2, "whoever did it is gone"


def test_every_post_of_the_document_takes_a_key_and_no_get_does(dee: User) -> None:
    made = told(program(dee), "openapi.json")
    shared = {"$ref": "#/components/parameters/Idempotency-Key"}
    ways = [(way, one) for ways in made["paths"].values() for way, one in ways.items()]
    assert {way for way, one in ways if shared in one["parameters"]} == {"post"}
    assert all(shared in one["parameters"] for way, one in ways if way == "post")
    assert all("409" in one["responses"] for way, one in ways if way == "post")


def test_a_token_that_ends_takes_its_answers_with_it_to_nobody_else(dee: User) -> None:
    upload(program(dee, "write"), ROWS, "k")
    (token,) = ApiToken.objects.filter(user=dee)
    tokens.end(user=dee, id_=token.pk, at=token.made_at)
    assert upload(program(dee, "write"), ROWS, "k").status_code == 202
    assert Upload.objects.count() == 2
