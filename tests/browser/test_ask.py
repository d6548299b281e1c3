"""Asking in plain words: by typing and by mouse, from the palette by keys, and without scripts."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import query, swap
from tests.browser.test_palette import field, looked_for, opened


def asked(page: Page, text: str) -> None:
    """Type a question and press Enter."""
    page.get_by_label("Ask for a figure").fill(text)
    with swap(page, "#main"):
        page.keyboard.press("Enter")


def test_a_question_is_answered_in_place_with_a_chart(visit: Visit) -> None:
    page = visit("/ask/")
    page.locator("#rail").evaluate("rail => rail.dataset.same = 'yes'")
    asked(page, "leads by channel")
    expect(page.locator("#answer .lead")).to_contain_text("Leads is highest for")
    expect(
        page.locator("#panel-groups .js-plotly-plot, #panel-groups .chart svg").first
    ).to_be_visible()
    assert query(page).startswith("is=by&metric=marketing-leads&split=channel")
    expect(page.locator("#rail[data-same]")).to_be_visible()
    expect(page.get_by_label("Ask for a figure")).to_have_value("leads by channel")


def test_what_was_understood_is_changed_by_its_choices(visit: Visit) -> None:
    page = visit("/ask/?q=leads+by+channel")
    with swap(page, "#main"):
        page.get_by_role("combobox", name="By", exact=True).select_option(label="Segment")
    expect(page.locator("#panel-groups")).to_contain_text("Leads by segment")
    with swap(page):
        page.get_by_role("combobox", name="Period", exact=True).select_option(label="Last 30 days")
    assert "period=30d" in query(page)
    assert "split=segment" in query(page)
    page.go_back()
    expect(page.get_by_role("combobox", name="Period", exact=True)).not_to_have_value("30d")
    page.wait_for_load_state()
    page.go_back()
    expect(page.locator("#panel-groups")).to_contain_text("Leads by channel")


def test_suggestions_come_while_one_types(visit: Visit) -> None:
    page = visit("/ask/")
    page.get_by_label("Ask for a figure").press_sequentially("leads by ch", delay=20)
    expect(page.locator("#ask-suggestions option[value='leads by channel']")).to_be_attached()


def test_the_nearest_is_a_click_away_where_a_question_is_not_understood(visit: Visit) -> None:
    page = visit("/ask/?q=NRR+by+channel")
    expect(page.get_by_role("heading", name="Not understood")).to_be_visible()
    with swap(page, "#main"):
        page.get_by_role("link", name="NRR by segment").click()
    expect(page.locator("#answer")).to_be_visible()
    expect(page.get_by_role("heading", name="Not understood")).to_have_count(0)


def test_the_palette_answers_by_keys_alone(visit: Visit) -> None:
    page = visit()
    opened(page)
    looked_for(page, "leads by channel")
    with swap(page, "#main"):
        page.keyboard.press("Enter")
    expect(page.locator("#answer .lead")).to_contain_text("Leads is highest for")
    expect(page.locator("#main")).to_be_focused()
    expect(field(page)).to_be_hidden()


def test_asking_works_without_scripts(visit: Visit) -> None:
    page = visit("/ask/", java_script_enabled=False)
    page.get_by_label("Ask for a figure").fill("leads by channel")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer .lead")).to_contain_text("Leads is highest for")
    page.get_by_role("combobox", name="Figure", exact=True).select_option(label="Spend")
    page.get_by_role("button", name="Change").click()
    expect(page.locator("#answer .lead")).to_contain_text("Spend is highest for")


def test_an_answer_fits_a_phone(visit: Visit) -> None:
    for address in ("/ask/", "/ask/?q=leads+by+channel", "/ask/?q=salary"):
        page = visit(address, viewport=PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], address
