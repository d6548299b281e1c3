"""The palette: what begins so is found, else what is spelled nearly so; nothing of others' rows."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from insights.panels.palette import leads_somewhere
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights import files
from tests.insights.faults import DEAL

HX = {"HX-Request": "true", "HX-Target": "palette-hits"}
FAR = "Canary"
DEALS = [
    {**DEAL, "deal_id": "D-100", "opportunity_name": "Acme – Rollout", "account_id": "A1"},
    {**DEAL, "deal_id": "D-101", "opportunity_name": "", "account": "Zenith 100% Pure"},
    {
        **DEAL,
        "deal_id": "D-200",
        "account": f"{FAR} Farms",
        "opportunity_name": f"{FAR} – Starter",
        "account_id": "ACCT-FAR",
        "owner": "cy",
    },
]
ACCOUNTS = [
    {"account_id": "A1", "account_name": "Acme", "segment": "SMB", "owner": "ana"},
    {"account_id": "ACCT-FAR", "account_name": f"{FAR} Farms", "segment": "ENT", "owner": "cy"},
    {"account_id": "A3", "account_name": "Aurora Labs"},
]


@pytest.fixture
def company(ana: User, cy: User, tmp_path: Path) -> None:
    """Ana's deals and one that Cy has far off."""
    files.load(tmp_path, {"pipeline_deals": DEALS, "accounts": ACCOUNTS})


def hits(client: Client, text: str) -> dict[str, dict[str, str]]:
    """What is offered by kind: name → address."""
    answer = client.get("/palette/", {"q": text}, headers=HX)
    assert answer.status_code == 200
    found: dict[str, dict[str, str]] = {}
    for group in re.split(r'(?=role="group")', answer.content.decode())[1:]:
        kind = re.search(r'id="palette-(\w+)"', group)
        assert kind
        options = re.findall(r'role="option"[^>]*? href="([^"]*)".*?<span>([^<]*)</span>', group)
        found[kind[1]] = {unescape(name): unescape(href) for href, name in options}
    return found


def test_without_a_letter_it_offers_the_pages_one_may_open(
    ana: User, dee: User, as_user: AsUser
) -> None:
    assert "Data" in hits(as_user(dee), "")["pages"]
    assert "Data" not in hits(as_user(ana), "")["pages"]
    assert hits(as_user(ana), "")["pages"]["Marketing"] == "/marketing/"


def test_without_a_letter_it_offers_the_views_saved_last(dee: User, as_user: AsUser) -> None:
    client = as_user(dee)
    for nth in range(10):
        client.post("/views/marketing/", {"name": f"View {nth}", "query": "period=30d"})
    assert list(hits(client, "")["views"]) == [f"View {nth}" for nth in range(9, 1, -1)]
    assert hits(client, "view 3") == {"views": {"View 3": "/marketing/?period=30d"}}


@pytest.mark.parametrize("text", ["cost", "COST PER", "lead cost", "cots per lead"])
def test_a_figure_is_found_by_its_words_and_when_misspelt(
    ana: User, as_user: AsUser, text: str
) -> None:
    found = hits(as_user(ana), text)["metrics"]
    assert found["Cost per lead"] == "/explain/marketing-cpl/"
    assert leads_somewhere(found["Cost per lead"])


@pytest.mark.parametrize("text", ["acme", "ACME – r", "D-100", "d-10", "acmr", "acme – rolout"])
def test_a_deal_is_found_by_its_name_its_account_its_number_and_nearly_so(
    dee: User, company: None, as_user: AsUser, text: str
) -> None:
    found = hits(as_user(dee), text)["deals"]
    assert found["Acme – Rollout"] == "/pipeline/deals/D-100/"


def test_a_deal_leads_to_its_page_open_or_closed(
    dee: User, company: None, as_user: AsUser, tmp_path: Path
) -> None:
    day = "2025-06-20"
    ended = {"status": "won", "stage": "Closed Won", "closed_at": day, "last_stage_change": day}
    closed = {**DEALS[0], **ended}
    client = as_user(dee)
    for deal, mark in ((DEALS[0], "open"), (closed, "won")):
        files.load(tmp_path / f"now{mark}", {"pipeline_deals": [deal]})
        (address,) = hits(client, "D-100")["deals"].values()
        assert address == "/pipeline/deals/D-100/"
        assert "<h1>Acme – Rollout</h1>" in client.get(address).content.decode()


def test_a_deal_without_a_name_goes_by_its_account(
    dee: User, company: None, as_user: AsUser
) -> None:
    assert list(hits(as_user(dee), "zenith")["deals"]) == ["Zenith 100% Pure"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "z%", "z_", "'", "\0", "x" * 5000])
def test_signs_stand_for_themselves(dee: User, company: None, as_user: AsUser, text: str) -> None:
    assert "deals" not in hits(as_user(dee), text)


def test_a_deal_that_was_deleted_is_not_found(
    dee: User, company: None, as_user: AsUser, tmp_path: Path
) -> None:
    gone = [{**DEALS[0], "is_deleted": "true"}]
    files.load(tmp_path / "later", {"pipeline_deals": gone})
    assert "deals" not in hits(as_user(dee), "D-100")


@pytest.mark.parametrize(
    "text", ["canary", "canray", "D-2", "D-200", "ACCT-FAR", "c", "cy", "Cy Chen", "f"]
)
def test_a_reader_finds_nothing_of_foreign_rows(
    ana: User, bo: User, company: None, as_user: AsUser, text: str
) -> None:
    for person in (ana, bo):
        for headers in ({}, HX):
            answer = as_user(person).get("/palette/", {"q": text}, headers=headers)
            shown = answer.content.decode()
            for echo in (f'"{text}"', f"“{text}”", f"q={quote_plus(text)}"):
                shown = shown.replace(echo, "")
            assert not re.search("(?i)canary|D-200|Chen|ACCT-FAR|APAC", shown)


def test_who_sees_everything_finds_everything(
    dee: User, vi: User, company: None, as_user: AsUser
) -> None:
    for person in (dee, vi):
        assert "Canary – Starter" in hits(as_user(person), "canary")["deals"]


def test_no_more_than_eight_of_a_kind(
    dee: User, ana: User, tmp_path: Path, as_user: AsUser
) -> None:
    many = [{**DEAL, "deal_id": f"M-{nth}", "amount": str(nth)} for nth in range(1, 30)]
    files.load(tmp_path, {"pipeline_deals": many})
    answer = as_user(dee).get("/palette/", {"q": "acme"}, headers=HX).content.decode()
    assert answer.count("M-") == 3 * 8  # in both addresses, and beside the name


def test_it_asks_the_data_little(dee: User, company: None, as_user: AsUser) -> None:
    client = as_user(dee)
    with CaptureQueriesContext(connection) as asked:
        client.get("/palette/", {"q": "acne"}, headers=HX)
    assert len(asked) <= 30  # six kinds, each by its beginning, its parts, and nearly


def test_without_scripts_it_is_a_page(dee: User, company: None, as_user: AsUser) -> None:
    shown = as_user(dee).get("/palette/", {"q": "acme"}).content.decode()
    assert "<title>Search" in shown
    assert '<a href="/pipeline/deals/D-100/">Acme – Rollout</a>' in shown
    nothing = as_user(dee).get("/palette/", {"q": "qqqqqq"}).content.decode()
    assert "Nothing found for “qqqqqq”" in nothing
