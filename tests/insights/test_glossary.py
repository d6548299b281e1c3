"""The glossary: each number with its meaning, keeper and places, and its way from the files."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from insights.panels.book import EXPLAINED
from revops_site.kernel.models import User
from tests.conftest import AsUser


@pytest.fixture
def page(as_user: AsUser, dee: User, pipeline_deals: None, marketing_days: None) -> Client:
    return as_user(dee)


def source(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return answer.content.decode()


def words(shown: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())


def test_a_number_is_found_by_a_word_of_its_meaning_or_by_what_people_call_it(page: Client) -> None:
    by_name = source(page, "/glossary/?q=net+dollar+retention")
    assert 'id="revenue-nrr"' in by_name
    assert 'id="marketing-spend"' not in by_name
    assert "No number has “qqq”" in html.unescape(source(page, "/glossary/?q=qqq"))


def test_a_search_swaps_what_was_found_alone(page: Client) -> None:
    part = source(
        page, "/glossary/?q=win+rate", **{"HX-Request": "true", "HX-Target": "glossary-found"}
    )
    assert part.lstrip().startswith('<div id="glossary-found"')


def test_a_number_tells_its_formula_keeper_and_places(page: Client) -> None:
    text = words(source(page, "/glossary/marketing-cpl/"))
    assert "Owner: Marketing" in text
    assert "spend / leads" in text
    assert "Also called" in text
    assert "Channels" in text or "channel" in text
    shown = source(page, "/glossary/marketing-cpl/")
    assert 'href="/marketing/#panel-channel-performance"' in shown
    assert 'href="/glossary/marketing-spend/"' in shown


def test_a_number_is_traced_from_its_file_over_table_and_roll_up(page: Client) -> None:
    text = source(page, "/glossary/marketing-spend/")
    assert 'href="/data/datasets/marketing_channels/"' in text
    assert "marketing.MarketingDay" in text
    assert "Rollup" in text


def test_every_explained_number_has_a_page_with_a_file_behind_it(page: Client) -> None:
    for slug in EXPLAINED:
        assert 'href="/data/datasets/' in source(page, f"/glossary/{slug}/"), slug


def test_files_lead_to_their_pages_for_those_alone_who_may_see_them(
    page: Client, as_user: AsUser, vi: User
) -> None:
    shown = source(as_user(vi), "/glossary/marketing-spend/")
    assert "marketing_channels" in shown
    assert "/data/datasets/" not in shown


def test_a_number_that_nobody_knows_is_not_there(page: Client) -> None:
    assert page.get("/glossary/nothing/").status_code == 404
