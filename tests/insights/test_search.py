"""What is found by any word, spelled well or nearly so, by each reader within their own rows."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from insights import tasks
from insights.models import SearchEntry
from pipeline.actions import account_notes
from pipeline.datasets import CONTACTS, NOTES, PIPELINE_DEALS
from pipeline.models import AccountNote, Deal
from revops_site.kernel.loading import rows
from revops_site.kernel.models import Account, User
from tests.conftest import AsUser

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DEALS = (
    ("D1", "Kestrel – Rollout", "Kestrel Logistics", "ana"),
    ("D2", "Tamarind – Enterprise", "Tamarind Hotels", "ana"),
    ("D3", "Umbra – Canary upgrade", "Umbra Médical", "cy"),
)


@pytest.fixture
def company(ana: User, cy: User) -> None:
    deals = [
        {
            "deal_id": key,
            "opportunity_name": name,
            "account_name": account,
            "owner_id": owner,
            "stage_name": "Demo",
            "status": "open",
            "created_at": "2025-01-01",
            "amount": "10",
        }
        for key, name, account, owner in DEALS
    ]
    contacts = [
        {"deal_id": "D1", "contact_id": "P1", "name": "Henrietta Vance", "title": "Buyer"},
        {"deal_id": "D3", "contact_id": "P2", "name": "Henrik Canary", "email": "h@umbra.test"},
    ]
    notes = [
        {"note_id": "N1", "deal_id": "D1", "body": "They ask for <b>SSO</b> and a pilot first."},
        {"note_id": "N2", "deal_id": "D3", "body": "Canary: the pilot went well."},
    ]
    stamped = [{**note, "created_at": "2025-02-01T10:00:00Z"} for note in notes]
    for dataset, given in ((PIPELINE_DEALS, deals), (CONTACTS, contacts), (NOTES, stamped)):
        report = rows.write(dataset, given, kind="app", source="test", by=None)
        assert not report.refused, report.sample
    tasks.keep_words(timestamp=0)


def found(client: Client, text: str) -> Sequence[str]:
    page = client.get("/palette/", {"q": text}).content.decode()
    main = page.partition("<main")[2]
    return [html.unescape(one) for one in re.findall(r'<li><a href="[^"]*">([^<]*)</a>', main)]


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("logistics", "Kestrel – Rollout"),  # a word in the middle
        ("kestrell", "Kestrel – Rollout"),  # spelled nearly so
        ("tamarnd hotels", "Tamarind – Enterprise"),
        ("enterprise", "Tamarind – Enterprise"),
        ("henrieta", "Henrietta Vance"),
        ("UMBRA MEDICAL", "Umbra – Canary upgrade"),  # without its accent
        ("h@umbra", "Henrik Canary"),
        ("pilot", "Canary: the pilot went well."),
        ("pilot well", "Canary: the pilot went well."),
        ("sso pil", "They ask for <b>SSO</b> and a pilot first."),
    ],
)
def test_it_is_found_by_its_words(
    dee: User, company: None, as_user: AsUser, text: str, hit: str
) -> None:
    assert hit in found(as_user(dee), text)


@pytest.mark.parametrize("text", ["umbra", "canary", "henrik", "pilot", "medical", "h@umbra", "D3"])
def test_a_rep_finds_nothing_of_a_foreign_deal(
    ana: User, bo: User, company: None, as_user: AsUser, text: str
) -> None:
    for person in (ana, bo):
        page = as_user(person).get("/palette/", {"q": text}).content.decode()
        hits = page.partition("<main")[2].partition("</form>")[2]
        assert "Canary" not in hits
        assert "Umbra" not in hits


def test_what_changed_hands_is_found_by_its_owner_alone(
    ana: User, cy: User, company: None, as_user: AsUser
) -> None:
    given = {"deal_id": "D3", "owner_id": "ana"}
    known = {"stage_name": "Demo", "status": "open", "created_at": "2025-01-01", "amount": "10"}
    named = {"opportunity_name": "Umbra – Canary upgrade", "account_name": "Umbra Médical"}
    rows.write(PIPELINE_DEALS, [given | known | named], kind="app", source="test", by=None)
    assert found(as_user(cy), "canary upgrade") == []
    tasks.keep_words(timestamp=0)
    assert "Umbra – Canary upgrade" in found(as_user(ana), "canary upgrade")
    assert "Henrik Canary" in found(as_user(ana), "henrik")


def test_words_of_a_deal_that_is_gone_find_nothing(
    dee: User, company: None, as_user: AsUser
) -> None:
    Deal.objects.filter(pk="D3").update(is_deleted=True)
    for text in ("canary upgrade", "umbra medical", "pilot well"):
        assert found(as_user(dee), text) == []
    tasks.keep_all_words(timestamp=0)
    assert not SearchEntry.objects.filter(kind="deal", key="D3").exists()


def test_words_follow_the_rows(dee: User, company: None, as_user: AsUser) -> None:
    before = SearchEntry.objects.count()
    note = {"note_id": "N1", "deal_id": "D1", "body": "Quorum is gone."}
    stamped = note | {"created_at": "2025-02-01T10:00:00Z"}
    rows.write(NOTES, [stamped], kind="app", source="test", by=None)
    tasks.keep_words(timestamp=0)
    assert SearchEntry.objects.count() == before
    assert found(as_user(dee), "quorum") == ["Quorum is gone."]
    assert "Quorum is gone." not in found(as_user(dee), "sso pilot")


def test_notes_on_accounts_are_found_by_who_may_see_them(
    ana: User, cy: User, dee: User, company: None, as_user: AsUser
) -> None:
    Account.objects.create(account_id="A1", name="Umbra Médical", owner_id="cy")
    noted: dict[str, Any] = {
        "account_id": "A1",
        "body": "Their **zebra** plan is with procurement",
        "at": NOON,
    }
    account_notes.add(by=cy, **noted)
    tasks.keep_words(timestamp=0)
    (hit,) = found(as_user(cy), "zebra procurement")
    assert hit == noted["body"]
    assert found(as_user(dee), "zebra plan") == [hit]
    assert 'href="/accounts/A1/"' in as_user(cy).get("/palette/?q=zebra").content.decode()
    assert found(as_user(ana), "zebra") == []
    note = AccountNote.objects.get()
    note.delete()
    assert found(as_user(cy), "zebra") == []


def test_a_number_is_found_as_it_is_and_is_no_other_number(
    dee: User, company: None, as_user: AsUser
) -> None:
    known = {"owner_id": "ana", "stage_name": "Demo", "created_at": "2025-01-01", "status": "open"}
    given = [known | {"deal_id": "Q1", "opportunity_name": "Zirconia 4711208"}]
    assert not rows.write(PIPELINE_DEALS, given, kind="app", source="test", by=None).refused
    tasks.keep_words(timestamp=0)
    reader = as_user(dee)
    assert "Zirconia 4711208" in found(reader, "4711208")
    assert "Zirconia 4711208" in found(reader, "zirkonia 4711208")
    assert "Zirconia 4711208" not in found(reader, "4711209")


@pytest.mark.parametrize("text", ["%%%", "___", "'; DROP", "a & | !", "\\", "<!>", "(((", "🦊🦊🦊"])
def test_signs_are_words_like_others(dee: User, company: None, as_user: AsUser, text: str) -> None:
    assert as_user(dee).get("/palette/", {"q": text}).status_code == 200


def test_of_many_with_the_same_words_what_begins_so_then_what_is_open_and_large_comes_first(
    ana: User, company: None, as_user: AsUser
) -> None:
    known = {"owner_id": "ana", "stage_name": "Demo", "created_at": "2025-01-01"}
    closed = {"status": "lost", "last_stage_change": "2025-02-01"}
    given = [
        known | {"deal_id": "Q1", "opportunity_name": "Small quartz", "amount": "5"},
        known | {"deal_id": "Q2", "opportunity_name": "Large quartz", "amount": "900"},
        known | {"deal_id": "Q3", "opportunity_name": "Lost quartz", "amount": "9000"} | closed,
        known | {"deal_id": "Q4", "opportunity_name": "Quartz first", "amount": "1"},
    ]
    given = [{"status": "open", **one} for one in given]
    report = rows.write(PIPELINE_DEALS, given, kind="app", source="test", by=None)
    assert not report.refused, report.sample
    notes = [
        {"note_id": f"Q{n}", "deal_id": "Q1", "body": f"Quartz {n}"}
        | {"created_at": f"2025-02-0{n}T10:00:00Z"}
        for n in (1, 3, 2)
    ]
    assert not rows.write(NOTES, notes, kind="app", source="test", by=None).refused
    tasks.keep_words(timestamp=0)
    order = [one for one in found(as_user(ana), "quartz") if "uartz" in one]
    assert order[:4] == ["Quartz first", "Large quartz", "Small quartz", "Lost quartz"]
    assert order[4:] == ["Quartz 3", "Quartz 2", "Quartz 1"]
