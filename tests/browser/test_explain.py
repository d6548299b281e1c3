"""A number explained beside its page: opened, read, left again; on a phone and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.reading import period, swap
from tests.browser.test_axe import verdict

BARE: dict[str, Any] = {"java_script_enabled": False}


def tile(page: Page, label: str) -> Locator:
    return page.locator(".kpi", has=page.get_by_text(label, exact=True)).locator(".value a")


def cell(page: Page, row: str, slug: str) -> Locator:
    table = page.locator("#table-channel-performance")
    return table.locator(f"tr[data-key='{row}'] a[href^='/explain/{slug}/']")


def panel(page: Page, title: str) -> Locator:
    """The explanation, once it is there and has the focus."""
    expect(page.locator("#explain-title")).to_have_text(title)
    expect(page.locator("#explain-title")).to_be_focused()
    return page.locator("#explain")


def click_mark(page: Page, slug: str, nth: int) -> None:
    chart = page.locator(f"#panel-{slug} .chart")
    chart.scroll_into_view_if_needed()
    mark = chart.locator(".bars .point path").nth(nth)
    expect(mark).to_be_visible()
    box = mark.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*middle)
    expect(chart.locator(".hoverlayer .hovertext").first).to_be_visible()
    page.mouse.click(*middle)


def test_a_click_on_a_tile_opens_its_number_beside_the_page(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    with swap(page, "#explain") as asked:
        tile(page, "CAC").click()
    assert len(asked) == 1
    shown = panel(page, "CAC")
    expect(shown).to_contain_text("= $6,000.00 / 1")
    expect(shown).to_contain_text("2 days of campaigns")
    expect(page).to_have_url("/marketing/?segment=ENT")
    expect(page.locator("#live")).to_have_text("CAC explained: $6,000.00.")
    expect(page.locator("#panels .kpi").first).to_be_visible()


def test_enter_opens_and_escape_leads_back(visit: Visit) -> None:
    page = visit()
    link = cell(page, "LinkedIn", "marketing-cpl")
    link.focus()
    page.keyboard.press("Enter")
    panel(page, "Cost per lead")
    page.keyboard.press("Escape")
    expect(page.locator("#explain")).to_be_hidden()
    expect(link).to_be_focused()


def test_the_button_closes_too_and_what_opened_first_is_returned_to(visit: Visit) -> None:
    page = visit()
    tile(page, "CAC").click()
    panel(page, "CAC").get_by_role("link", name="$10,500.00").click()
    panel(page, "Spend").get_by_role("button", name="Close the explanation").click()
    expect(page.locator("#explain")).to_be_hidden()
    expect(tile(page, "CAC")).to_be_focused()


def test_a_menu_that_is_open_closes_before_the_explanation(visit: Visit) -> None:
    page = visit()
    tile(page, "Spend").click()
    panel(page, "Spend")
    page.locator("#filters summary", has_text="Segment: ").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("checkbox", name="ENT")).to_be_hidden()
    expect(page.locator("#explain")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#explain")).to_be_hidden()


def test_a_bar_opens_the_number_that_it_draws(visit: Visit) -> None:
    page = visit()
    click_mark(page, "by-segment", 1)
    shown = panel(page, "CAC")
    expect(shown.locator(".pairs", has_text="Segment")).to_contain_text("MM")
    expect(shown).to_contain_text("= $3,000.00 / 1")
    page.keyboard.press("Escape")
    expect(page.locator("#panel-by-segment summary")).to_be_focused()


def test_a_stage_of_the_funnel_opens_its_own_number(visit: Visit) -> None:
    page = visit()
    chart = page.locator("#panel-funnel .chart")
    chart.scroll_into_view_if_needed()
    stage = chart.locator(".funnellayer .point path").nth(1)
    expect(stage).to_be_visible()
    stage.hover(force=True)
    expect(chart.locator(".hoverlayer .hovertext").first).to_be_visible()
    stage.click(force=True)
    expect(panel(page, "MQLs")).to_contain_text("160")


def test_the_rows_turn_their_pages_and_order_where_they_stand(visit: Visit) -> None:
    page = visit()
    tile(page, "Spend").click()
    shown = panel(page, "Spend")
    with swap(page, "#table-rows"):
        shown.get_by_role("link", name="Spend", exact=True).click()
    expect(shown.locator("tbody tr").first).to_contain_text("4,000")
    expect(page).to_have_url("/marketing/")
    expect(page.locator("#filters input[name=sort]")).to_have_count(0)


def test_other_filters_close_what_is_no_longer_so(visit: Visit) -> None:
    page = visit()
    tile(page, "Spend").click()
    panel(page, "Spend")
    period(page).focus()
    with swap(page):
        period(page).select_option(label="All time")
    expect(page.locator("#explain")).to_be_hidden()
    expect(period(page)).to_be_focused()


def test_another_page_begins_without_it(visit: Visit) -> None:
    page = visit()
    tile(page, "Spend").click()
    panel(page, "Spend")
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").first.click()
    expect(page.locator("#explain")).to_be_hidden()


def test_its_address_is_a_page_of_its_own(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    tile(page, "CAC").click()
    panel(page, "CAC").get_by_role("link", name="Open as a page").click()
    expect(page).to_have_url("/explain/marketing-cac/?segment=ENT")
    expect(page.get_by_role("heading", level=1)).to_have_text("CAC")
    page.get_by_role("link", name="$6,000.00").click()
    expect(page).to_have_url("/explain/marketing-spend/?period=365d&segment=ENT")
    expect(page.locator("#explain")).to_be_hidden()
    page.get_by_role("link", name="Open Marketing in this state").click()
    expect(page).to_have_url("/marketing/?segment=ENT")


def test_the_link_and_the_sql_can_be_copied(visit: Visit, site: str) -> None:
    page = visit("/marketing/?segment=ENT", permissions=["clipboard-read", "clipboard-write"])
    tile(page, "CAC").click()
    shown = panel(page, "CAC")
    shown.get_by_role("button", name="Copy link").click()
    expect(page.locator("#live")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site}/explain/marketing-cac/?segment=ENT"
    shown.get_by_text("Show the SQL").click()
    shown.get_by_role("button", name="Copy", exact=True).click()
    expect(shown.get_by_role("button", name="Copied")).to_have_count(2)
    assert "SELECT" in page.evaluate("navigator.clipboard.readText()")


def test_with_a_key_held_a_link_is_the_browser_s(visit: Visit) -> None:
    page = visit()
    with page.context.expect_page() as opened:
        tile(page, "CAC").click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("CAC")
    expect(page.locator("#explain")).to_be_hidden()


def test_on_a_phone_it_covers_the_page(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    tile(page, "CAC").click()
    shown = panel(page, "CAC")
    box = shown.bounding_box()
    assert box is not None
    assert (box["x"], box["width"], box["height"]) == (0, PHONE["width"], PHONE["height"])
    assert shown.evaluate("one => one.scrollWidth <= one.clientWidth")
    expect(page.locator("#app[inert]")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.locator("#app:not([inert])")).to_be_attached()
    expect(tile(page, "CAC")).to_be_focused()


def test_without_scripts_a_number_is_a_link_to_its_page(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT", **BARE)
    cell(page, "LinkedIn", "marketing-cac").click()
    expect(page).to_have_url("/explain/marketing-cac/?period=365d&segment=ENT&channel=LinkedIn")
    expect(page.locator("#explanation")).to_contain_text("= $6,000.00 / 1")
    page.get_by_text("Show the SQL").click()
    expect(page.locator("#explain-sql")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    page.get_by_role("link", name="Spend", exact=True).click()
    expect(page.locator("#table-rows tbody tr").first).to_contain_text("4,000")


def test_it_keeps_nobody_out(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    tile(page, "CAC").click()
    panel(page, "CAC").get_by_text("Show the SQL").click()
    assert verdict(page) == {}


@pytest.mark.parametrize("query", ["", "?segment=ENT&plan=Pro&channel=nowhere"])
def test_its_page_keeps_nobody_out(visit: Visit, query: str) -> None:
    assert verdict(visit(f"/explain/marketing-cac/{query}"), sizes=[DESK, PHONE]) == {}
