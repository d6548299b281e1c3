"""A deal's page tells all that is known of it, and only to who may see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pipeline.datasets import (
    ACTIVITIES,
    CONTACTS,
    DEAL_CHANGES,
    NOTES,
    PIPELINE_DEALS,
    STAGE_HISTORY,
)
from pipeline.panels.deal import address
from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import rows
from revops_site.kernel.models import User
from tests.conftest import AsUser

ODD = 'a/b c?d#e%f"g<h>'
SECRET = re.compile(r"[0-9a-zA-Z]{32,}|[0-9a-f-]{12,}")
MOST_QUERIES = 16  # of a whole page, those of its frame among them: tasks, files, alerts
MOST_AT_FIRST = 18
MOST_AFTER_A_LOAD = 25


def load(dataset: Dataset, *given: Mapping[str, str], by: User | None = None) -> None:
    report = rows.write(dataset, given, kind="sync", source="Test", by=by)
    assert not report.refused, report.sample


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture(autouse=True)
def lived(ana: User, cy: User, pipeline_deals: None) -> None:
    """Ana's first deal has contacts, work behind it and ahead, a note, and a past."""
    done = {"deal_id": "A1", "rep_id": "ana", "type": "call", "is_done": "true"}
    ahead = {"deal_id": "A1", "rep_id": "ana", "type": "meeting", "is_done": "false"}
    load(
        ACTIVITIES,
        done | {"activity_id": "T1", "subject": "First call", "done_at": "2025-06-20T10:00:00Z"},
        ahead | {"activity_id": "T2", "subject": "Next talk", "due_date": "2025-07-03"},
        ahead | {"activity_id": "T3", "subject": "Forgotten", "due_date": "2025-06-10"},
    )
    load(
        CONTACTS,
        {"deal_id": "A1", "contact_id": "P1", "name": "Pia Pohl", "is_champion": "true"}
        | {"title": "CFO", "last_engaged_at": "2025-06-20", "email": "pia@acme.example"},
        {"deal_id": "A1", "contact_id": "P2", "name": "Quin", "is_economic_buyer": "true"},
    )
    note = "They <b>signed</b> https://evil.example <script>alert(1)</script>\nTwo lines"
    load(
        NOTES,
        {"note_id": "N1", "deal_id": "A1", "author_id": "ana", "body": note}
        | {"created_at": "2025-06-21T10:00:00Z"},
    )
    changed = {"deal_id": "A1", "changed_at": "2025-06-22T10:00:00Z"}
    load(
        DEAL_CHANGES,
        changed | {"field": "amount", "old": "80000", "new": "100000"},
        changed | {"field": "owner_id", "old": "cy", "new": "ana"},
        changed | {"field": "stage_name", "old": "Demo", "new": "Discovery"},
    )
    stay = {"deal_id": "A1", "pipeline_id": "new"}
    load(
        STAGE_HISTORY,
        stay | {"stage_name": "Demo", "entered_at": "2025-05-02T10:00:00Z", "exited_at": ""},
        stay | {"stage_name": "Discovery", "entered_at": "2025-06-22T10:05:00Z", "exited_at": ""},
    )


def test_the_head_says_what_is_known_of_the_deal_and_leads_on(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), address("A1"))
    assert "<h1>Acme (A1)</h1>" in page
    for fact in ("$100,000", "Discovery", "Open", "1 Aug 2025, in 32 days", "New business"):
        assert fact in page
    assert 'href="/reps/ana/"' in page
    assert 'href="/segments/SMB/"' in page


def test_health_is_given_with_its_band_and_why(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), address("A1"))
    assert "health-score" in page
    for reason in ("Last activity 10 days ago.", "Next activity in 3 days.", "never pushed"):
        assert reason in page


def test_a_closed_deal_has_no_score(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), address("A4"))
    assert "A closed deal has no score." in page
    assert "health-score" not in page


def test_the_timeline_tells_all_kinds_the_newest_first(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), address("A1")).partition('id="timeline"')[2]
    told = [
        *("Next talk", "Amount: $80,000 → $100,000", "Owner: Cy Chen → Ana Almeida"),
        *("They &lt;b&gt;signed", "First call", "Forgotten", "Entered Demo"),
        "The deal was created",
    ]
    places = [page.index(one) for one in told]
    assert places == sorted(places)
    assert page.count("Overdue") == 1
    assert "Entered Discovery" not in page, "the change of the stage tells that"


def test_notes_are_plain_text_without_tags_and_links(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), address("A1"))
    assert "<script>alert" not in page
    assert "https://evil.example" in page
    assert 'href="https://evil.example' not in page


def test_the_timeline_is_narrowed_and_paged(ana: User, as_user: AsUser) -> None:
    many = {"deal_id": "A1", "rep_id": "ana", "type": "call", "is_done": "true"}
    load(
        ACTIVITIES,
        *(
            many
            | {"activity_id": f"M{n}", "subject": f"Talk {n:03}"}
            | {"done_at": f"2025-05-{n % 28 + 1:02}T10:00:00Z"}
            for n in range(60)
        ),
    )
    client = as_user(ana)
    first = client.get(f"{address('A1')}?entries=done", headers={"HX-Request": "true"} | PART)
    assert first.content.decode().count("<li>\n      <svg") == 25
    assert "1–25 of 61" in first.content.decode()
    assert "Pia Pohl" not in first.content.decode(), "the timeline alone is sent"
    last = text(client, f"{address('A1')}?entries=done&part=3")
    assert "51–61 of 61" in last
    assert "51–61 of 61" in text(client, f"{address('A1')}?entries=done&part=99")
    assert "They &lt;b&gt;signed" not in last.partition('id="timeline"')[2]
    assert client.get(f"{address('A1')}?entries=<x>&part=-1").status_code == 200


PART = {"HX-Target": "timeline"}


def test_contacts_have_their_parts(ana: User, as_user: AsUser) -> None:
    page = text(as_user(ana), address("A1"))
    assert 'Pia Pohl</strong> <span class="tag">Champion' in page
    assert 'Quin</strong> <span class="tag">Economic buyer' in page
    assert "Never engaged" in page


def test_similar_deals_are_told_with_their_rule_and_their_number(
    ana: User, dee: User, as_user: AsUser
) -> None:
    page = text(as_user(dee), address("A1"))
    assert "segment SMB" in page
    assert "any amount, since few are near this one" in page
    assert '>4<span class="vh">: explain how many' in page, "the duplicate is no decided deal"
    assert "Too few for a win rate." in page
    own = text(as_user(ana), address("A1"))
    assert "Canary" not in own
    assert '>3<span class="vh">: explain how many' in own


def test_a_deal_whose_id_holds_odd_characters_has_its_page(dee: User, as_user: AsUser) -> None:
    load(
        PIPELINE_DEALS,
        {"deal_id": ODD, "account_name": "Odd", "stage_name": "Demo", "created_at": "2025-06-01"}
        | {"status": "open", "amount": "5", "segment": "SMB", "close_date": "2025-08-01"},
    )
    assert address(ODD) == f"/pipeline/deals/{quote(ODD, safe='')}/"
    assert "<h1>Odd (a/b c?d#e%f&quot;g&lt;h&gt;)</h1>" in text(as_user(dee), address(ODD))


def test_nobody_finds_a_foreign_deal_and_it_is_told_like_one_that_is_not(
    ana: User, bo: User, vi: User, as_user: AsUser
) -> None:
    for who in (ana, bo):
        foreign, none = (as_user(who).get(address(one)) for one in ("C1", "nowhere"))
        assert foreign.status_code == none.status_code == 404
        said, unsaid = (
            " ".join(SECRET.sub("", one.content.decode()).split()) for one in (foreign, none)
        )
        assert said.replace("C1", "") == unsaid.replace("nowhere", "")
    assert as_user(vi).get(address("C1")).status_code == 200


def test_a_deal_of_which_nothing_is_known_says_so(dee: User, as_user: AsUser) -> None:
    page = text(as_user(dee), address("N1"))
    assert "No contact is known." in page
    assert "The deal was created" in page


@pytest.mark.parametrize("deal_id", ["A1", "A4"], ids=["open", "closed"])
@pytest.mark.parametrize("role", ["rep", "manager", "admin"])
def test_a_page_asks_few_questions(
    role: str, deal_id: str, ana: User, bo: User, ad: User, as_user: AsUser
) -> None:
    client = as_user({"rep": ana, "manager": bo, "admin": ad}[role])
    client.get(address("A2"))
    client.get(address(deal_id))
    with CaptureQueriesContext(connection) as asked:
        client.get(address(deal_id))
    assert len(asked) <= MOST_QUERIES, [one["sql"][:160] for one in asked.captured_queries]


def test_a_page_that_nobody_saw_yet_asks_few_more(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get(address("A2"))
    with CaptureQueriesContext(connection) as asked:
        client.get(address("A1"))
    assert len(asked) <= MOST_AT_FIRST, [one["sql"][:160] for one in asked.captured_queries]


def test_a_page_that_nobody_saw_since_a_load_asks_few_more(ana: User, as_user: AsUser) -> None:
    client = as_user(ana)
    client.get(address("A1"))
    freshness.bump()
    with CaptureQueriesContext(connection) as asked:
        client.get(address("A1"))
    assert len(asked) <= MOST_AFTER_A_LOAD, [one["sql"][:160] for one in asked.captured_queries]
