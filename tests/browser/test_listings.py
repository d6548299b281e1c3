"""Long tables in a browser: searched while typing, narrowed, grouped, with scripts and without."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import query, swap
from tests.browser.test_axe import verdict

pytestmark = pytest.mark.urls("tests.kernel.listing_urls")

BARE: dict[str, Any] = {"java_script_enabled": False}
PART = "#table-days"


def names(page: Page) -> list[str]:
    return page.locator(f"{PART} tbody th").all_inner_texts()


def field(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search days")


def says(page: Page) -> Locator:
    return page.locator(f"{PART} .sums")


def test_typing_searches_and_leaves_the_field_as_it_is(visit: Visit) -> None:
    page = visit("/days/?period=all")
    expect(says(page)).to_contain_text("6 days")
    page.locator("#panels").evaluate("panels => panels.dataset.same = 'yes'")
    with swap(page, PART) as asked:
        field(page).press_sequentially("goo", delay=20)
    assert len(asked) == 1
    assert set(names(page)) == {"Google Ads"}
    expect(says(page)).to_contain_text("3 days")
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("goo")
    expect(page.locator("#panels[data-same]")).to_be_visible()
    assert query(page) == "period=all&q=goo"
    expect(page.locator("#live")).to_contain_text("All days: 3 days")


def test_a_filter_keeps_the_search_and_a_search_the_filter(visit: Visit) -> None:
    page = visit("/days/?q=goo&sort=date")
    page.locator("#filters summary", has_text="Segment: ").click()
    with swap(page):
        page.get_by_role("checkbox", name="SMB").check()
    assert query(page) == "segment=SMB&sort=date&q=goo"
    expect(field(page)).to_have_value("goo")
    expect(says(page)).to_contain_text("2 days")
    page.keyboard.press("Escape")
    with swap(page, PART):
        field(page).fill("")
    assert query(page) == "segment=SMB&sort=date"
    expect(says(page)).to_contain_text("3 days")
    with swap(page, "#main"):
        page.get_by_role("link", name="Segment: SMB").click()
    assert query(page) == "sort=date"


def test_links_beside_the_list_lead_to_what_it_shows_now(visit: Visit) -> None:
    page = visit("/days/?segment=SMB&segment=MM")
    with swap(page, PART):
        field(page).fill("goo")
    with swap(page, "#table-channel-performance"):
        page.locator("#table-channel-performance").get_by_role("link", name="Leads").click()
    assert query(page) == "segment=MM&segment=SMB&sort=-leads&q=goo"
    with page.expect_navigation():
        page.locator("#table-channel-performance tbody a").first.click()
    expect(page).to_have_url("/days/?segment=MM&segment=SMB&channel=Google+Ads&sort=-leads&q=goo")
    with swap(page, "#main"):
        page.get_by_role("link", name="Segment: MM").click()
    assert query(page) == "segment=SMB&channel=Google+Ads&sort=-leads&q=goo"
    expect(field(page)).to_have_value("goo")
    with swap(page, "#main"):
        page.get_by_role("link", name="Clear all").click()
    assert query(page) == ""


def test_back_brings_the_search_before_and_a_reload_the_one_now(visit: Visit) -> None:
    page = visit("/days/")
    with swap(page, PART):
        field(page).fill("link")
    with swap(page, PART):
        field(page).fill("organic")
    with swap(page, PART):
        page.go_back()
    expect(field(page)).to_have_value("link")
    assert set(names(page)) == {"LinkedIn"}
    with swap(page, PART):
        page.go_forward()
    page.reload()
    expect(field(page)).to_have_value("organic")
    assert names(page) == ["Organic Search"]


def test_a_heading_sorts_the_list_alone(visit: Visit) -> None:
    page = visit("/days/?q=o")
    head = page.locator(PART).get_by_role("link", name="Day", exact=True)
    with swap(page, PART) as asked:
        head.click()
    assert len(asked) == 1
    assert query(page) == "sort=-date&q=o"
    expect(page.locator(f"{PART} [aria-sort]")).to_have_attribute("aria-sort", "descending")
    with swap(page, PART):
        field(page).fill("google")
    assert query(page) == "sort=-date&q=google"


def test_columns_are_chosen_while_the_sheet_stays_open(visit: Visit) -> None:
    page = visit("/days/")
    page.locator("#columns-days summary").click()
    with swap(page, PART):
        page.get_by_role("checkbox", name="Leads").check()
    expect(page.locator(f"{PART} thead")).to_contain_text("Leads")
    expect(page.get_by_role("checkbox", name="Leads")).to_be_focused()
    with swap(page, PART):
        page.get_by_role("checkbox", name="Region").uncheck()
    expect(page.locator(f"{PART} thead")).not_to_contain_text("Region")
    expect(page.get_by_role("checkbox", name="Channel", exact=True)).to_be_disabled()
    for name in ("Campaign", "Day", "Segment", "Spend", "Leads", "Return"):
        with swap(page, PART):
            page.locator("#columns-days").get_by_role("checkbox", name=name).uncheck()
    assert query(page) == "column=channel"
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="Leads")).to_be_hidden()


def test_a_quick_filter_is_a_switch(visit: Visit) -> None:
    page = visit("/days/?period=all")
    with swap(page, PART):
        page.get_by_role("checkbox", name="Paid").check()
    expect(says(page)).to_contain_text("5 days")
    assert query(page) == "period=all&flag=paid"
    with swap(page, PART):
        page.get_by_role("checkbox", name="Paid").uncheck()
    assert query(page) == "period=all"


def test_groups_open_and_close_again(visit: Visit) -> None:
    page = visit("/days/?period=all")
    group = page.get_by_role("combobox", name="Group by")
    with swap(page, PART):
        group.select_option(label="Channel")
    expect(page.locator(f"{PART} thead")).to_contain_text("Days")
    assert len(names(page)) == 3
    with swap(page, PART):
        page.locator(PART).get_by_role("link", name="LinkedIn").click()
    assert query(page) == "period=all&group=channel&in=LinkedIn"
    assert names(page) == ["LinkedIn", "LinkedIn"]
    with swap(page, PART):
        page.get_by_role("link", name="Channel: LinkedIn").click()
    assert len(names(page)) == 3
    with swap(page, PART):
        page.locator(PART).get_by_role("link", name="Google Ads").click()
    with swap(page, PART):
        group.select_option(label="Segment")
    with swap(page, "#main"):
        page.locator(PART).get_by_role("link", name="Enterprise").click()
    assert query(page) == "period=all&segment=ENT"
    assert set(names(page)) == {"LinkedIn"}


def test_enter_in_the_search_leaves_it_where_it_was(visit: Visit) -> None:
    page = visit("/days/")
    field(page).fill("goo")
    field(page).press("Enter")
    expect(says(page)).to_contain_text("3 days")
    expect(page).to_have_url("/days/?q=goo")
    expect(field(page)).to_have_value("goo")
    expect(field(page)).to_be_focused()


def test_without_scripts_all_of_it_is_one_form(visit: Visit) -> None:
    page = visit("/days/?period=all", **BARE)
    field(page).fill("goo")
    page.get_by_role("checkbox", name="Paid").check()
    page.locator("#columns-days summary").click()
    page.get_by_role("checkbox", name="Region").uncheck()
    with page.expect_navigation():
        page.locator("#listing-days").get_by_role("button", name="Show").click()
    expect(says(page)).to_contain_text("3 days")
    expect(page.locator(f"{PART} thead")).not_to_contain_text("Region")
    with page.expect_navigation():
        page.locator(PART).get_by_role("link", name="Day", exact=True).click()
    page.locator("#filters summary", has_text="Segment: ").click()
    page.get_by_role("checkbox", name="MM").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Apply filters").click()
    expect(field(page)).to_have_value("goo")
    expect(page.get_by_role("checkbox", name="Paid")).to_be_checked()
    expect(says(page)).to_contain_text("1 day ")
    expect(page.locator(f"{PART} thead")).not_to_contain_text("Region")
    expect(page.locator(f"{PART} [aria-sort]")).to_contain_text("Day")


def test_without_scripts_groups_are_links_and_close_by_another_grouping(visit: Visit) -> None:
    page = visit("/days/?period=all&group=channel", **BARE)
    with page.expect_navigation():
        page.locator(PART).get_by_role("link", name="LinkedIn").click()
    assert names(page) == ["LinkedIn", "LinkedIn"]
    page.get_by_role("combobox", name="Group by").select_option(label="Campaign")
    with page.expect_navigation():
        page.locator("#listing-days").get_by_role("button", name="Show").click()
    expect(page.locator(f"{PART} thead")).to_contain_text("Days")
    assert len(names(page)) == 4


@pytest.mark.parametrize("state", ["", "?q=goo&flag=paid", "?group=channel", "?q=zzz", "?page=x"])
def test_a_list_keeps_nobody_out(visit: Visit, state: str) -> None:
    page = visit(f"/days/{state}")
    assert verdict(page) == {}


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_list_scrolls_within_its_card(visit: Visit, width: int) -> None:
    page = visit("/days/?period=all", viewport={"width": width, "height": 780})
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    page.locator("#columns-days summary").click()
    expect(page.get_by_role("checkbox", name="Leads")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_on_a_phone_the_name_stays_while_the_rest_scrolls(visit: Visit) -> None:
    page = visit("/days/?period=all", viewport=PHONE)
    box = page.locator(f"{PART} .scroll")
    first = page.locator(f"{PART} tbody th").first
    before = first.bounding_box()
    box.evaluate("box => { box.scrollLeft = 200 }")
    after = first.bounding_box()
    assert before
    assert after
    assert abs(before["x"] - after["x"]) < 1
