"""What a reader finds on the Insights page: by role, by filter, as cards and as files."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from revops_site.kernel.models import User, Workspace
from tests.conftest import AsUser
from tests.insights import a_quarter

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(workspace: Workspace, ana: User, bo: User, cy: User, tmp_path: Path) -> None:
    a_quarter.load(tmp_path)


def text(client: Client, address: str = "/insights/", **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def headlines(client: Client, query: str = "") -> list[str]:
    return re.findall(r"<h3>(.*?)</h3>", text(client, f"/insights/{query}"))


def file(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        client.get(f"/insights/panels/cards.json{query}").content
    )["rows"]
    return found


def test_a_rep_is_told_what_the_rep_s_own_deals_say(
    company: None, as_user: AsUser, ana: User, cy: User
) -> None:
    shown = text(as_user(ana))
    assert "8.0% of decided deals are won" in shown
    assert "$100K of the open pipeline is stuck: 1 deal, 100.0% of its value." in shown
    assert "It rests on what you may see." in shown
    assert "decided deals are won" not in text(as_user(cy))
    assert "is stuck" not in text(as_user(cy))


def test_who_sees_everybody_s_deals_is_told_what_all_of_them_say(
    company: None, as_user: AsUser, dee: User
) -> None:
    shown = text(as_user(dee))
    assert "$100K of the open pipeline is stuck: 1 deal, 62.5% of its value." in shown
    assert "8.0% of SMB deals are won" in shown
    assert "34.0%" not in shown, "all deals together are won often enough"
    assert "It rests on what you may see." not in shown


def test_a_rep_is_told_of_the_rep_s_own_customers(
    company: None, as_user: AsUser, ana: User, cy: User, dee: User
) -> None:
    assert "Net revenue retention of all customers is 50.0%" in text(as_user(ana))
    assert "Net revenue retention" not in text(as_user(cy))
    assert "Net revenue retention of SMB customers is 50.0%" in text(as_user(dee))


def test_a_quiet_rep_is_named_to_the_manager_and_to_nobody_s_colleagues(
    company: None, as_user: AsUser, ana: User, bo: User, cy: User, dee: User
) -> None:
    for reader in (bo, dee):
        assert "Ana Almeida completed one activity in 21 working days." in text(as_user(reader))
    for reader in (ana, cy):
        assert "working days" not in text(as_user(reader))


def test_nothing_of_another_team_s_reaches_a_manager(
    company: None, as_user: AsUser, bo: User
) -> None:
    shown = text(as_user(bo)) + str(file(as_user(bo)))
    assert not re.search(r"\bCy\b|\bcy\b", shown)
    assert "60,000" not in shown
    assert "1 deal, 100.0% of its value" in shown


def test_marketing_s_insights_are_the_same_for_everybody(
    company: None, as_user: AsUser, ana: User, dee: User
) -> None:
    own, all_ = (
        [row["headline"] for row in file(as_user(reader)) if row["category"] == "marketing"]
        for reader in (ana, dee)
    )
    assert own == all_ != []


def test_filters_narrow_what_the_rules_look_at(company: None, as_user: AsUser, dee: User) -> None:
    assert any("is stuck" in one for one in headlines(as_user(dee), "?segment=SMB"))
    assert not any("is stuck" in one for one in headlines(as_user(dee), "?segment=MM"))
    assert not any("is stuck" in one for one in headlines(as_user(dee), "?min_days=1000"))
    assert not any("are won" in one for one in headlines(as_user(dee), "?owner=cy"))


def test_a_card_says_which_filter_does_not_apply_to_it(
    company: None, as_user: AsUser, dee: User
) -> None:
    shown = text(as_user(dee), "/insights/?campaign=Brand")
    card = re.search(r"<article(?:(?!</article>).)*is stuck.*?</article>", shown)
    assert card is not None
    assert "not applied: campaign" in card[0]
    shown = text(as_user(dee), "/insights/?period=90d")
    card = re.search(r"<article(?:(?!</article>).)*is stuck.*?</article>", shown)
    assert card is not None
    assert "not applied: period" in card[0]


def test_the_gravest_comes_first_and_of_these_the_most_money(
    company: None, as_user: AsUser, dee: User
) -> None:
    order = ("high", "medium", "low", "good")
    ranks = [
        (order.index(row["severity"]), -(row["money_at_stake"] or 0)) for row in file(as_user(dee))
    ]
    assert ranks == sorted(ranks)
    assert len(ranks) > 3


@pytest.mark.parametrize("who", ["ana", "bo", "dee", "vi"])
@pytest.mark.parametrize("query", ["", "?segment=SMB&period=90d"])
def test_every_piece_of_evidence_can_be_opened(
    company: None,
    as_user: AsUser,
    request: pytest.FixtureRequest,
    who: str,
    query: str,
) -> None:
    client = as_user(request.getfixturevalue(who))
    shown = text(client, f"/insights/{query}")
    addresses = re.findall(r'<article.*?<a class="button" href="([^"]+)"', shown)
    assert len(addresses) == len(headlines(client, query)) > 0
    for address in addresses:
        opened = text(client, address)
        assert "was left out" not in opened
        if "#" in address:
            assert f'id="{address.partition("#")[2]}"' in opened


def test_the_files_hold_exactly_the_cards(company: None, as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    told = headlines(client, "?segment=SMB")
    assert [row["headline"] for row in file(client, "?segment=SMB")] == told
    answer = client.get("/insights/panels/cards.csv?segment=SMB")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [row["headline"] for row in rows] == told
    assert all(0.05 <= float(row["confidence"]) <= 0.95 for row in rows)


def test_a_card_says_how_sure_it_is_and_how_that_was_computed(
    company: None, as_user: AsUser, dee: User
) -> None:
    shown = text(as_user(dee))
    card = re.search(r"<article(?:(?!</article>).)*is stuck.*?</article>", shown)
    assert card is not None
    assert re.search(r'Confidence</dt><dd class="num">\d+%<progress max="1"', card[0])
    assert "STUCK_VALUE, version 1" in card[0]
    assert "62.5% > 10.0%" in card[0]
    assert "At stake" in card[0]
    assert "How strongly the data support" in shown


def test_rules_without_a_word_say_why(company: None, as_user: AsUser, dee: User) -> None:
    shown = text(as_user(dee))
    assert re.search(
        r"Slow stage</strong> waits for data\. It needs rows of .*stage_history", shown
    )
    assert "</strong> looked, and found nothing to say." in shown
    assert "</strong> has too little to go by. It speaks from" in shown


def test_an_empty_company_is_told_what_would_be_needed(
    workspace: Workspace, as_user: AsUser, dee: User
) -> None:
    shown = text(as_user(dee))
    assert "Nothing to look at yet." in shown
    assert "It needs rows of marketing_channels" in shown
    assert "waits for data" in shown


def test_where_nothing_is_found_the_page_says_so(company: None, as_user: AsUser, dee: User) -> None:
    shown = text(as_user(dee), "/insights/?period=custom&start=1999-01-01&end=1999-01-31&owner=cy")
    assert "Nothing needs attention here." in shown
    assert "Clear filters" in shown


def test_a_filter_change_is_answered_with_the_cards_and_their_address(
    company: None, as_user: AsUser, dee: User
) -> None:
    hx = {"HX-Request": "true", "HX-Target": "panels"}
    answer = as_user(dee).get("/insights/?period=365d&segment=SMB&nonsense=1", headers=hx)
    assert answer.content.decode().lstrip().startswith('<div id="panels"')
    assert answer["HX-Push-Url"] == "/insights/?segment=SMB"


def test_the_gravest_are_shown_first_and_all_when_asked_for(
    company: None, as_user: AsUser, dee: User
) -> None:
    client = as_user(dee)
    found = len(file(client))
    assert found
    for query, shown in (("", min(found, 12)), ("?all=yes", found)):
        page = text(client, f"/insights/{query}")
        assert page.count("<article") == shown
        left = found - shown
        assert (f"Show {left} more" in page) == bool(left)
