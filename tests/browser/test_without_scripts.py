"""Without JavaScript: everything can be read, filtered, sorted and taken along."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.reading import figures, period
from tests.browser.test_login import sign_in

BARE: dict[str, Any] = {"java_script_enabled": False}


def apply(page: Page) -> None:
    """Send the form of the filters, and wait for all of the page that it brings."""
    with page.expect_navigation():
        page.get_by_role("button", name="Apply filters").click()


def test_one_signs_in_and_reads_the_same_figures(visit: Visit) -> None:
    page = visit("/marketing/", None, **BARE)
    with page.expect_navigation(url="**/marketing/"):
        sign_in(page, "dee")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing")
    assert figures(page) == figures(visit())


def test_every_chart_leaves_its_place_to_a_table_that_opens(visit: Visit) -> None:
    page = visit(**BARE)
    expect(page.locator(".chart:visible")).to_have_count(0)
    for data in page.locator("details.data").all():
        data.locator("summary").click()
        expect(data.get_by_role("table")).to_be_visible()
    expect(page.locator("#panel-by-region").get_by_role("rowheader", name="EU")).to_be_visible()


def test_filters_are_applied_with_a_button(visit: Visit) -> None:
    page = visit(**BARE)
    before = figures(page)
    period(page).select_option(label="Last 30 days")
    page.locator("#filters summary", has_text="Segment: ").click()
    page.get_by_role("checkbox", name="SMB").check()
    apply(page)
    expect(period(page)).to_have_value("30d")
    expect(page.get_by_role("link", name="Segment: SMB")).to_be_visible()
    assert figures(page) not in ([], before)
    assert figures(page) == figures(visit("/marketing/?period=30d&segment=SMB"))
    page.get_by_role("link", name="Segment: SMB").click()
    expect(page.get_by_role("list", name="Active filters")).to_have_count(0)
    expect(period(page)).to_have_value("30d")


def test_dates_of_ones_own_can_be_applied(visit: Visit) -> None:
    page = visit(**BARE)
    period(page).select_option(label="Custom dates")
    page.get_by_label("From", exact=True).fill("2025-06-01")
    page.get_by_label("To", exact=True).fill("2025-06-15")
    apply(page)
    expect(page.locator("#panels .window")).to_contain_text("1 Jun 2025 to 15 Jun 2025")


def test_a_table_is_sorted_by_its_links(visit: Visit) -> None:
    page = visit(**BARE)
    page.locator("#table-channel-performance").get_by_role("link", name="Leads").click()
    names = page.locator("#table-channel-performance tbody th")
    expect(names).to_have_text(["Google Ads", "Organic Search", "LinkedIn"])


def test_the_rail_and_the_files_are_plain_links(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT", **BARE)
    with page.expect_download() as started:
        page.locator("#panel-funnel").get_by_role("link", name="CSV").click()
    assert started.value.suggested_filename == "marketing-funnel-20250630.csv"
    page.get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


def test_a_theme_is_chosen_and_one_stays_where_one_was(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT", **BARE)
    page.locator("#user-menu summary").click()
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_hidden()
    page.get_by_role("button", name="Neon").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "neon")
    expect(page).to_have_url("/marketing/?segment=ENT")
