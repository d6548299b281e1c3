"""Words that would run, load or lead away stay words, on every page and in every paper and mail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from insights.actions import subscriptions as actions
from insights.models import MadeFile, Subscription
from insights.queries import files
from insights.reports.making import produce
from revops_site.kernel import clock
from revops_site.kernel.models import User, Workspace
from tests.insights import paper
from tests.insights.test_subscriptions import fall_due
from tests.proof import a_hostile_house
from tests.proof.crawl import HTML, crawl, registered
from tests.proof.payloads import CANARY, TEXTS, alive

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def pages(
    workspace: Workspace, ana: User, bo: User, dee: User, settings: Any, tmp_path: Path
) -> Client:
    """Dee's browser in a house full of payloads."""
    settings.FILES, settings.UPLOADS = tmp_path / "files", tmp_path / "uploads"
    a_hostile_house.load(tmp_path / "house")
    client = Client()
    client.force_login(dee)
    return client


def test_no_page_holds_anything_alive_that_somebody_wrote(pages: Client) -> None:
    found: dict[str, list[str]] = {}
    with_forms, headers = [], set()

    def look(address: str, answer: Any, body: bytes) -> None:
        assert answer.status_code < 500 or address in {"/readyz", "/health"}, address
        headers.update(answer.headers)
        if answer.headers.get("Content-Type", "").startswith(HTML):
            page = body.decode()
            if b'method="post"' in body and answer.status_code == 200:
                with_forms.append(address)
            if bad := alive(page):
                found[address] = bad

    crawl(pages, list(registered({})), look, 1)
    done = a_hostile_house.write_everywhere(pages, with_forms)
    assert sum(status == 302 for status in done.values()) > 15, done
    counts = crawl(pages, list(registered({})), look, 2)
    assert found == {}
    assert "Set-Cookie" not in headers
    assert sum(counts.values()) > 250


def test_no_paper_and_no_mail_holds_a_link_or_picture_that_somebody_wrote(
    pages: Client, dee: User
) -> None:
    for address in ("/pipeline/", "/pipeline/health/", "/revenue/", "/coaching/"):
        said = {
            "address": address,
            "rhythm": "weekly",
            "hour": "6",
            "format": "pdf",
            "to": [dee.pk],
        }
        answer = pages.post("/reports/subscriptions/", {**said, "title": TEXTS[0]})
        assert answer.status_code == 302, address
    for one in Subscription.objects.all():
        fall_due(one)
    actions.send_due(produce, 60, clock.now().replace(hour=12))
    papers = 0
    for message in mail.outbox:
        whole: Any = message.message()
        assert whole.get_all("To") == [dee.email]
        assert "Bcc" not in whole
        for part in whole.walk():
            if part.get_content_type() == HTML:
                assert alive(part.get_payload(decode=True).decode()) == []
            if part.get_content_type() == "application/pdf":
                papers += 1
                assert links_of(part.get_payload(decode=True)) == []
    made = paper.made(dee, "/pipeline/?period=all")
    assert made.state == MadeFile.State.DONE, made.message
    assert links_of(files.kept(made.sha256).read_bytes()) == []
    assert papers == 4


def links_of(pdf: bytes) -> list[str]:
    """What a PDF leads to or runs that somebody wrote."""
    found = []
    for page in paper.pages(pdf):
        for one in page.get("/Annots") or ():
            told = json.dumps(one.get_object(), default=str)
            if CANARY in told or "javascript" in told.lower():
                found.append(told)
    return found + [name for name in ("/JavaScript", "/JS", "/Launch") if name.encode() in pdf]
