"""Reports for programs: made in the background of what their person may see, and fetched."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from insights.models import MadeFile
from insights.reports.kinds import REPORTS
from revops_site.kernel.models import User
from tests.insights.api.programs import PROBLEM, program, told
from tests.insights.paper import company, kept, text, work

__all__ = ["company", "kept"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
URL = "/api/report/generate"


def ask(client: Client, slug: str = "weekly-forecast", query: str = "", status: int = 202) -> Any:
    answer = client.post(f"{URL}{query}", {"report": slug}, content_type="application/json")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == (PROBLEM if status >= 400 else "application/json")
    return answer.json()


def test_a_report_is_asked_for_looked_after_and_fetched(dee: User) -> None:
    client = program(dee, "write")
    one = ask(client, query="?region=EMEA")
    assert (one["state"], one["busy"], one["file"]) == ("waiting", True, None)
    assert one["address"] == "/reports/weekly-forecast/?region=EMEA"
    assert ask(client, query="?region=EMEA")["id"] == one["id"], "it is being made already"
    told(client, f"report/files/{one['id']}/file", 404)
    work()
    reader = program(dee)
    done = reader.get(one["url"]).json()
    assert (done["state"], done["busy"]) == ("done", False), done["message"]
    file = reader.get(done["file"])
    content = b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert file["Content-Type"] == "application/pdf"
    assert hashlib.sha256(content).hexdigest() == done["sha256"]
    assert len(content) == done["size"]
    assert "Weekly forecast" in text(content)
    again = reader.get(done["file"], headers={"If-None-Match": f'"{done["sha256"]}"'})
    assert (again.status_code, again.content) == (304, b"")


def test_a_report_holds_what_the_person_may_see_and_is_nobody_s_who_may_not(
    ana: User, cy: User, dee: User
) -> None:
    one = ask(program(ana, "write"))
    work()
    kept = program(ana).get(f"/api/report/files/{one['id']}/file")
    content = b"".join(kept.streaming_content)  # type: ignore[attr-defined]
    assert "Canary" not in text(content)
    told(program(dee), f"report/files/{one['id']}")
    whole = ask(program(dee, "write"))
    work()
    for stranger, number in ((cy, one["id"]), (ana, whole["id"]), (dee, 10**6), (dee, 2**70)):
        for address in (f"report/files/{number}", f"report/files/{number}/file"):
            assert told(program(stranger), address, 404)["status"] == 404


def test_what_cannot_be_made_is_told_at_once(dee: User, ana: User) -> None:
    client = program(dee, "write")
    assert "Mars" in ask(client, query="?region=Mars", status=400)["detail"]
    assert "one rep" in ask(client, "rep-scorecard", status=400)["detail"]
    assert "cy" in ask(program(ana, "write"), query="?owner=cy", status=400)["detail"]
    ask(client, "moon", status=422)
    ask(client, query="?moon=1", status=422)
    assert not MadeFile.objects.exists()


def test_few_are_made_at_a_time(dee: User) -> None:
    client = program(dee, "write")
    for slug in ("weekly-forecast", "marketing"):
        ask(client, slug)
    assert "already" in ask(client, "board-pack", status=409)["detail"]


def test_a_token_that_may_only_read_has_nothing_made(dee: User) -> None:
    assert "only read" in ask(program(dee), status=403)["detail"]
    assert not MadeFile.objects.exists()


def test_the_document_knows_each_report(dee: User) -> None:
    schemas = told(program(dee), "openapi.json")["components"]["schemas"]
    assert set(schemas["Wanted"]["properties"]["report"]["enum"]) == {*REPORTS}
