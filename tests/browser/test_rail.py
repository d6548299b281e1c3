"""The rail: to its user the product is one page, whose main part changes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.reading import period, query, swap


def test_an_entry_swaps_the_main_part_alone(visit: Visit) -> None:
    page = visit()
    page.locator("#rail").evaluate("rail => rail.dataset.same = 'yes'")
    with swap(page, "#main") as asked:
        page.get_by_role("link", name="Glossary").click()
    assert len(asked) == 1
    expect(page).to_have_url("/glossary/")
    expect(page.locator("#rail[data-same]")).to_be_visible()


def test_title_focus_mark_and_announcement_move_along(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#rail [aria-current=page]")).to_have_text("Marketing")
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").click()
    expect(page).to_have_title("Glossary · RevOps Control Center")
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("#rail [aria-current=page]")).to_have_text("Glossary")
    expect(page.locator("#live")).to_have_text("Glossary")


def test_a_swapped_page_has_the_title_of_the_whole_page(visit: Visit) -> None:
    page = visit("/glossary/")
    whole = page.title()
    with swap(page, "#main"):
        page.get_by_role("link", name="Marketing").click()
    swapped = page.title()
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").click()
    assert page.title() == whole
    page.goto("/marketing/")
    assert page.title() == swapped


def test_filters_travel_from_page_to_page(visit: Visit) -> None:
    page = visit()
    with swap(page):
        period(page).select_option(label="Last 30 days")
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").click()
    assert query(page) == "period=30d"
    with swap(page, "#main"):
        page.get_by_role("link", name="Marketing").click()
    assert query(page) == "period=30d"
    expect(period(page)).to_have_value("30d")


def test_what_belongs_to_a_list_stays_with_it(visit: Visit) -> None:
    own = "q=a&sort=-leads&page=2&size=50&group=x&column=y&flag=z&in=w&dataset=quotas"
    page = visit(f"/marketing/?segment=ENT&{own}")
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").click()
    assert query(page) == "segment=ENT"


def test_without_scripts_filters_travel_too(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT&sort=-leads", java_script_enabled=False)
    with page.expect_navigation():
        page.get_by_role("link", name="Glossary").click()
    assert query(page) == "segment=ENT"


def test_an_entry_opens_in_a_new_tab_with_its_filters(visit: Visit) -> None:
    page = visit("/glossary/?segment=ENT")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Marketing").click(modifiers=["ControlOrMeta"])
    tab = opened.value
    expect(tab).to_have_url("/marketing/?segment=ENT")
    expect(tab.get_by_role("link", name="Segment: ENT")).to_be_visible()


def test_a_headline_figure_leads_to_its_definition(visit: Visit) -> None:
    page = visit()
    page.get_by_role("link", name="explain Leads").click()
    page.get_by_role("link", name="Leads in the glossary").click()
    definition = page.locator(".definition:target")
    expect(definition).to_be_in_viewport()
    expect(definition.get_by_role("heading")).to_have_text("Leads")
