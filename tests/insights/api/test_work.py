"""Deals, follow-ups, figures and files for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from insights.models import Kpi, Upload
from insights.tasks import take_kpis
from revops_site.kernel import freshness
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights.api.programs import PROBLEM, program, told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("ana", "bo", "cy", "marketing_days", "pipeline_deals", "customers"),
]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path / "uploads"


def send(client: Client, content: bytes, **more: str) -> Any:
    file = SimpleUploadedFile("deals.csv", content, "text/csv")
    return client.post("/api/ingest/upload", {"file": file, **more})


def test_the_summary_tells_what_the_tiles_show(dee: User, ana: User) -> None:
    for user in (dee, ana):
        client = program(user)
        found = told(client, "kpis/summary?period=all")
        for page, panel in (("marketing", "marketing-kpis"), ("pipeline", "pipeline-kpis")):
            rows = told(client, f"panels/{page}/{panel}?period=all")["rows"]
            mine = [one for one in found if one["panel"] == panel]
            assert [one["value"] for one in mine] == [row["value"] for row in rows]
            assert [one["field"] for one in mine] == [row["field"] for row in rows]
            assert mine


def test_daily_figures_are_of_the_company_and_for_who_sees_it(dee: User, ana: User) -> None:
    assert told(program(dee), "kpis/daily?metric=pipeline-win-rate") == []
    answer = told(program(ana), "kpis/daily", 403)
    assert "whole company" in answer["detail"]


def test_daily_figures_are_told_as_they_were_kept_the_newest_first(dee: User, vi: User) -> None:
    many = take_kpis(freshness.workspace())
    client = program(dee)
    rows = told(client, "kpis/daily")
    assert len(rows) == many > 50
    assert [one["day"] for one in rows] == sorted((one["day"] for one in rows), reverse=True)
    (one,) = told(client, "kpis/daily?metric=pipeline-win-rate")
    kept = Kpi.objects.get(metric_slug="pipeline-win-rate")
    assert (one["day"], one["value"]) == (kept.day.isoformat(), kept.value)
    assert one["operands"] == kept.operands
    (tile,) = [each for each in told(client, "kpis/summary") if each["slug"] == "pipeline-win-rate"]
    assert (tile["as_of"], tile["value"]) == (one["day"], pytest.approx(one["value"]))
    day = one["day"]
    assert told(client, f"kpis/daily?start={day}&end={day}&metric=pipeline-win-rate") == [one]
    assert told(client, "kpis/daily?end=2020-01-01") == []
    assert told(client, "kpis/daily?size=2&page=2") == rows[2:4]
    assert told(program(vi), "kpis/daily") == rows


def test_insights_are_those_of_the_page(dee: User, as_user: AsUser) -> None:
    found = told(program(dee), "insights?period=all")
    file = as_user(dee).get("/insights/panels/cards.json?period=all").json()
    assert found == file["rows"]
    told(program(dee), "insights?region=Mars", 400)


def test_a_deal_is_found_and_told_to_who_may_see_it(dee: User, ana: User) -> None:
    found = told(program(dee), "deals/search?q=C1")
    assert [one["deal_id"] for one in found][:1] == ["C1"]
    assert told(program(dee), "deals/C1/detail")["opportunity_id"] == "C1"
    assert told(program(ana), "deals/search?q=C1") == []
    assert told(program(ana), "deals/C1/detail", 404) == told(
        program(ana), "deals/none/detail", 404
    )


def test_what_waits_today_is_what_the_page_lists(dee: User, as_user: AsUser) -> None:
    found = told(program(dee), "dashboard/today")
    page = as_user(dee).get("/today/").content.decode()
    assert found
    for one in found:
        assert one["reason"] in page
        assert one["deal_id"] in page


def test_a_file_is_sent_by_a_token_mapped_and_loaded(dee: User, ana: User) -> None:
    content = b"channel,date,spend,leads\nLinkedIn,2025-06-01,100,3\n"
    client = program(dee, "write")
    answer = send(client, content, load="true")
    assert answer.status_code == 202, answer.content
    one = answer.json()
    kept = Upload.objects.get()
    assert (one["id"], one["sha256"], one["size"]) == (kept.pk, kept.sha256, len(content))
    assert one["state"] == kept.state == "waiting"
    assert told(client, f"ingest/uploads/{kept.pk}")["busy"] is True
    told(client, "ingest/uploads/999999", 404)


def test_a_file_that_cannot_be_read_is_told_why(dee: User) -> None:
    answer = send(program(dee, "write"), b"\x00\x01\x02")
    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert answer.json()["detail"]
    assert not Upload.objects.exists()


def test_a_file_that_is_too_large_is_413(dee: User, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 10
    answer = send(program(dee, "write"), b"channel,date,spend\n" * 20)
    assert (answer.status_code, answer["Content-Type"]) == (413, PROBLEM)
    assert "larger than" in answer.json()["detail"]


def test_who_may_not_load_sends_no_file(ana: User, dee: User) -> None:
    assert send(program(ana, "write"), b"a,b\n1,2\n").status_code == 403
    assert send(program(dee), b"a,b\n1,2\n").status_code == 403, "a token that may only read"
    assert not Upload.objects.exists()


def test_follow_ups_are_drafted_and_approved_and_never_just_sent(ana: User, vi: User) -> None:
    client = program(ana, "write")
    url = "/api/emails/followups"
    none = client.post(f"{url}/generate", {"deal_id": "C1"}, content_type="application/json")
    assert none.status_code == 404
    unreachable = client.post(f"{url}/generate", {"deal_id": "A1"}, content_type="application/json")
    assert unreachable.status_code == 409
    made = client.post(f"{url}/generate", {}, content_type="application/json")
    assert (made.status_code, made.json()["drafted"]) == (200, 0)
    wrong = {"mails": [{"id": 1, "version": "1"}]}
    sent = client.post(f"{url}/send", wrong, content_type="application/json").json()
    assert sent["approved"] == []
    assert sent["refused"][0]["id"] == 1
    viewer = program(vi, "write")
    assert viewer.post(f"{url}/send", wrong, content_type="application/json").status_code == 403
    assert told(client, "emails/followups") == []
