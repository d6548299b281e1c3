"""The support desk in a browser: from any table to any other, and to the product and back."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
NEON = "rgb(8, 8, 15)"


def fits(page: Page) -> bool:
    """Nothing is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_every_table_is_two_clicks_away(visit: Visit) -> None:
    page = visit("/admin/kernel/rep/", "dee")
    page.get_by_role("button", name="Tables").click()
    page.get_by_role("link", name="Marketing days").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing days")
    expect(page.locator("#all-tables")).to_be_hidden()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Marketing").click()
    expect(page.locator("#panels")).to_be_visible()


def test_a_theme_that_is_chosen_at_the_desk_is_worn_there(visit: Visit) -> None:
    page = visit("/admin/kernel/rep/", "dee")
    page.locator("#user-menu summary").click()
    page.get_by_role("button", name="Neon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reps")
    assert page.evaluate(BACKGROUND) == NEON


def test_an_owner_is_found_by_typing(visit: Visit) -> None:
    page = visit("/admin/kernel/account/add/", "dee")
    page.get_by_role("combobox", name="Owner").click()
    page.get_by_role("searchbox", name="Search: Owner").fill("alm")
    page.get_by_role("option", name="Ana Almeida").click()
    expect(page.get_by_role("combobox", name="Owner")).to_contain_text("Ana Almeida")


def test_the_desk_fits_a_phone(visit: Visit) -> None:
    page = visit("/admin/", "dee", viewport=PHONE)
    for address in ("/admin/", "/admin/marketing/marketingday/", "/admin/pipeline/deal/add/"):
        page.goto(address)
        assert fits(page), address
    page.get_by_role("button", name="Tables").click()
    expect(page.get_by_role("link", name="Data loads")).to_be_in_viewport()
