"""Views in the browser: kept, opened, chosen as default, renamed and deleted, without leaving."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from insights.models import SavedView
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.reading import period, query, swap
from tests.browser.test_axe import verdict
from tests.browser.trouble import Trouble


@pytest.fixture(autouse=True)
def none_kept(site: str) -> Iterator[None]:
    """Each test begins and ends without views."""
    yield
    SavedView.objects.all().delete()


def menu(page: Page) -> Locator:
    """The menu, open."""
    if page.locator("#views-menu[open]").count() == 0:
        page.locator("#views-menu > summary").click()
    return page.locator("#views-sheet")


def save(page: Page, name: str, default: bool = False) -> None:
    """Keep what is shown."""
    menu(page).get_by_label("Keep what is shown as").fill(name)
    if default:
        menu(page).get_by_label("Open Marketing with it").check()
    with swap(page, "#views-sheet"):
        menu(page).get_by_role("button", name="Save view").click()


def change(page: Page, name: str) -> Locator:
    """The form that changes a view."""
    menu(page).get_by_text(f"Change {name}").locator("..").click()
    return menu(page).locator("details[open] form")


def test_what_is_shown_now_is_kept_and_opened_again(visit: Visit) -> None:
    page = visit()
    with swap(page):
        period(page).select_option(label="Last 30 days")
    save(page, "A month")
    expect(page.locator("#views-menu")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    with swap(page):
        period(page).select_option(label="All time")
    with swap(page, "#main"):
        menu(page).get_by_role("link", name="A month").click()
    assert query(page) == "period=30d"
    expect(period(page)).to_have_value("30d")


def test_the_default_is_what_the_rail_opens_at_once(visit: Visit) -> None:
    page = visit("/marketing/?period=30d")
    save(page, "A month", default=True)
    page.keyboard.press("Escape")
    page.goto("/glossary/")
    with swap(page, "#main"):
        page.get_by_role("link", name="Marketing").click()
    assert query(page) == "period=30d"


def test_a_default_chosen_in_the_menu_changes_the_rail_beside_it(visit: Visit) -> None:
    page = visit("/marketing/?period=30d")
    save(page, "A month")
    page.goto("/marketing/")
    way = page.locator("#rail").get_by_role("link", name="Marketing")
    with swap(page, "#views-sheet"):
        change(page, "A month").get_by_role("button", name="Make default").click()
    expect(menu(page).get_by_text("Default", exact=True)).to_be_visible()
    expect(way).to_have_attribute("href", "/marketing/?period=30d")
    with swap(page, "#views-sheet"):
        change(page, "A month").get_by_role("button", name="Not the default").click()
    expect(way).to_have_attribute("href", "/marketing/")


def test_a_name_that_is_taken_is_said_beside_its_field(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("422")
    page = visit()
    save(page, "Mine")
    save(page, "mine")
    expect(menu(page).get_by_role("alert")).to_have_text(
        "You have a view called “mine” on this page already."
    )
    name = menu(page).get_by_label("Keep what is shown as")
    expect(name).to_have_value("mine")
    expect(name).to_be_focused()
    expect(page.locator("#banner")).to_be_hidden()
    assert verdict(page, "#views-menu") == {}


def test_a_view_is_renamed_and_deleted_by_keys(visit: Visit) -> None:
    page = visit()
    save(page, "Old")
    form = change(page, "Old")
    form.get_by_label("Name of the view").fill("New")
    with swap(page, "#views-sheet"):
        page.keyboard.press("Enter")
    expect(menu(page).get_by_role("link", name="New")).to_be_visible()
    with swap(page, "#views-sheet"):
        change(page, "New").get_by_role("button", name="Delete").press("Enter")
    expect(menu(page).get_by_role("list")).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_menu_keeps_nobody_out_and_within_the_page(visit: Visit, size: dict[str, int]) -> None:
    page = visit(viewport=size)
    save(page, "A view with a long name that has to be broken into several")
    change(page, "A view with")
    assert verdict(page, "#views-menu", [size]) == {}  # type: ignore[list-item]
    box = menu(page).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]


def test_without_scripts_the_menu_works_too(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("422")
    page = visit("/marketing/?period=30d", java_script_enabled=False)
    menu(page).get_by_label("Keep what is shown as").fill("Plain")
    with page.expect_navigation():
        menu(page).get_by_role("button", name="Save view").click()
    assert query(page) == "period=30d"
    with page.expect_navigation():
        change(page, "Plain").get_by_role("button", name="Make default").click()
    page.goto("/glossary/")
    with page.expect_navigation():
        page.get_by_role("link", name="Marketing").click()
    assert query(page) == "period=30d"
    menu(page).get_by_label("Keep what is shown as").fill("plain")
    menu(page).get_by_role("button", name="Save view").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Views of Marketing")
    expect(page.get_by_role("alert")).to_be_visible()
