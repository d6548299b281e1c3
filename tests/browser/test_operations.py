"""The Operations page: it keeps nobody out, fits a phone, and its tables sort by themselves."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import query, swap
from tests.browser.test_axe import verdict

WORK = "#panel-data-work"


def test_an_admin_gets_there_from_the_menu_and_nobody_is_kept_out(visit: Visit) -> None:
    page = visit("/glossary/", "ad")
    page.locator("summary").filter(has_text="Account and theme").click()
    page.get_by_role("link", name="Operations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_heading_sorts_its_part_alone(visit: Visit) -> None:
    page = visit("/ops/", "ad")
    page.locator("#panel-ops-parts").evaluate("part => part.dataset.same = 'yes'")
    with swap(page, WORK):
        page.locator(WORK).get_by_role("link", name="Job").click()
    assert query(page) == "sort=task"
    expect(page.locator("#panel-ops-parts[data-same]")).to_be_visible()
