"""A value among many: looked for by name within the filters, and without scripts on a page."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect

from marketing.models import CampaignMonth
from revops_site.kernel.models import Rep, Team
from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import query, swap
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends

OPTIONS = "#options-owner"
HERE = "/marketing/?segment=ENT"


@pytest.fixture(autouse=True)
def crowd(site: str) -> Iterator[None]:
    """Two hundred owners beside Ana."""
    emea = Team.objects.get(name="EMEA")
    Rep.objects.bulk_create(
        Rep(rep_id=f"r{nth:03}", name=f"Person {nth:03}", team=emea) for nth in range(200)
    )
    cache.clear()
    yield
    Rep.objects.filter(rep_id__startswith="r").delete()
    cache.clear()


def opened(page: Page) -> Locator:
    """The sheet of the owners."""
    page.locator("#filters summary", has_text="Owner: ").click()
    return page.locator("#pick-owner")


def test_an_owner_is_found_by_name_and_chosen_beside_those_chosen_before(visit: Visit) -> None:
    page = visit(HERE)
    owners = opened(page)
    expect(owners.get_by_role("checkbox")).to_have_count(30)
    expect(owners).to_contain_text("30 of 201 owners.")
    field = owners.get_by_role("searchbox", name="Find an owner")
    with swap(page):
        owners.get_by_role("checkbox", name="Ana Almeida").check()
    field.fill("son 19")
    expect(owners.get_by_role("checkbox")).to_have_count(11)
    expect(page.locator("#live")).to_have_text("11 owners.")
    expect(field).to_be_focused()
    with swap(page):
        owners.get_by_role("checkbox", name="Person 193").check()
    assert query(page) == "segment=ENT&owner=ana&owner=r193"
    expect(owners.locator(".chosen")).to_have_text("2 chosen")


def test_looking_changes_no_filter_and_says_where_nobody_fits(visit: Visit) -> None:
    page = visit(HERE)
    owners = opened(page)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(urlsplit(one.url).path))
    owners.get_by_role("searchbox").fill("nobody")
    expect(owners.locator(OPTIONS)).to_have_text("No owner is called so.")
    owners.get_by_role("searchbox").press("Enter")
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert [path for path in asked if not path.startswith("/static/")] == ["/choices/owner/"]
    assert query(page) == "segment=ENT"


def test_who_was_chosen_by_an_address_stands_first(visit: Visit) -> None:
    page = visit("/marketing/?owner=r150")
    owners = opened(page)
    expect(owners.locator(".chosen")).to_have_text("Person 150")
    expect(owners.get_by_role("checkbox").first).to_be_checked()
    expect(owners.get_by_role("checkbox")).to_have_count(31)


@pytest.fixture
def campaigns(site: str) -> Iterator[None]:
    """Eighty campaigns beside those of the company."""
    (of_a_month,) = CampaignMonth.objects.values()[:1]
    made = [CampaignMonth(**{**of_a_month, "campaign": f"autumn {nth:02}"}) for nth in range(80)]
    CampaignMonth.objects.bulk_create(made)
    cache.clear()
    yield
    CampaignMonth.objects.filter(campaign__startswith="autumn ").delete()
    cache.clear()


def test_a_campaign_is_found_as_an_owner_is(campaigns: None, visit: Visit) -> None:
    page = visit(HERE)
    page.locator("#filters summary", has_text="Campaign: ").click()
    sheet = page.locator("#pick-campaign")
    sheet.get_by_role("searchbox", name="Find a campaign").fill("autumn 7")
    expect(page.locator("#live")).to_have_text("10 campaigns.")
    with swap(page):
        sheet.get_by_role("checkbox", name="autumn 77").check()
    assert query(page) == "segment=ENT&campaign=autumn+77"


def test_without_scripts_owners_are_found_on_a_page_that_leads_back(visit: Visit) -> None:
    page = visit(HERE, java_script_enabled=False)
    field = opened(page).get_by_role("searchbox", name="Find an owner")
    field.fill("193")
    with page.expect_navigation():
        field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Find an owner")
    page.get_by_role("searchbox", name="Name or number").fill("person 15")
    with page.expect_navigation():
        page.get_by_role("button", name="Find").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Person 157").click()
    assert query(page) == "segment=ENT&owner=r157"
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing")


def test_the_search_keeps_nobody_out_and_fits_a_phone(visit: Visit) -> None:
    page = visit(HERE)
    opened(page)
    assert verdict(page, "#filters") == {}
    phone = visit(HERE, viewport=PHONE, is_mobile=True, has_touch=True)
    opened(phone)
    assert loose_ends(phone) == []
    assert phone.evaluate(SMALL, 44) == []
    assert verdict(visit("/choices/owner/?find=15&back=/marketing/")) == {}
