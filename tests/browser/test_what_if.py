"""What if: a deal is left out and the figures follow; kept, opened, compared and deleted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline.models import Scenario
from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import query, swap
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends

pytestmark = pytest.mark.usefixtures("a_company")
URL = "/pipeline/what-if/"


@pytest.fixture(autouse=True)
def none_kept(site: str) -> Iterator[None]:
    """Each test begins and ends without scenarios."""
    yield
    Scenario.objects.all().delete()


def forecast(page: Page) -> Locator:
    """The forecast with what is assumed, as the tile says it."""
    return page.locator("#what-if .kpi").first.locator(".value")


def test_a_change_moves_the_figures_at_once_and_is_in_the_address(visit: Visit) -> None:
    page = visit("/pipeline/forecast/")
    page.locator("#pipeline-tabs").get_by_role("link", name="What if").click()
    expect(page.locator("h1")).to_have_text("What if")
    expect(forecast(page)).to_have_text("$40K")
    chance = page.get_by_label("Chance, % of Shared")
    with swap(page, "#what-if"):
        chance.fill("50")
        chance.press("Tab")
    expect(forecast(page)).to_have_text("$50K")
    expect(page.locator("#what-if-now")).to_contain_text("$50K (+$10K)")
    assert page.evaluate("document.activeElement.id") == "what-if-in-2"
    close = page.get_by_label("Expected close of Acme")
    with swap(page, "#what-if"):
        close.fill("2025-06-20")
        close.press("Tab")
    expect(page.get_by_role("alert").filter(has_text="lies before")).to_be_visible()
    expect(forecast(page)).to_have_text("$50K")
    with swap(page, "#what-if"):
        page.get_by_role("checkbox", name="Shared").uncheck()
    expect(forecast(page)).to_have_text("$40K")
    said = query(page)
    page.reload()
    assert query(page) == said
    expect(page.get_by_role("checkbox", name="Shared")).not_to_be_checked()
    expect(close).to_have_value("2025-06-20")
    with swap(page):
        row = page.locator("#panel-what-if-changes tr", has_text="Left out")
        row.get_by_role("link", name="Take back").click()
    expect(page.get_by_role("checkbox", name="Shared")).to_be_checked()
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_filter_and_a_search_keep_what_is_assumed(visit: Visit) -> None:
    page = visit(f"{URL}?assume=D3~out")
    with swap(page):
        page.locator("#what-if-q").fill("canary")
        page.locator("#what-if-q").press("Enter")
    expect(page.locator(".what-if-lines li")).to_have_count(1)
    with swap(page):
        page.locator("#filters summary", has_text="Segment: ").click()
        page.locator("#pick-segment").get_by_role("checkbox", name="SMB").check()
    expect(page.locator("#panel-what-if-changes tbody tr")).to_have_count(1)
    assert "assume=D3~out" in query(page)


def test_a_scenario_is_saved_opened_compared_and_deleted(visit: Visit) -> None:
    page = visit(URL)
    with swap(page, "#what-if"):
        page.get_by_role("checkbox", name="Shared").uncheck()
    page.get_by_label("Name of the scenario").fill("Without <b>Shared</b>")
    page.get_by_role("button", name="Save scenario").click()
    expect(page.locator("#what-if-open")).to_contain_text("Without <b>Shared</b> is open")
    page.goto(URL)
    expect(page.get_by_role("checkbox", name="Shared")).to_be_checked()
    kept = page.get_by_role("list", name="Scenarios")
    with swap(page):
        kept.get_by_role("link", name="Compare").click()
    expect(page.locator("#table-what-if th", has_text="Without")).to_be_visible()
    with swap(page, "#main"):
        kept.get_by_role("link", name="Without <b>Shared</b>", exact=False).first.click()
    expect(page.get_by_role("checkbox", name="Shared")).not_to_be_checked()
    kept.locator("summary", has_text="Delete").click()
    kept.get_by_role("button", name="Delete for good").click()
    expect(kept).to_have_count(0)
    assert not Scenario.objects.exists()


def test_it_all_goes_without_scripts(visit: Visit) -> None:
    page = visit(URL, java_script_enabled=False)
    page.get_by_role("checkbox", name="Shared").uncheck()
    page.get_by_role("button", name="Reckon").click()
    expect(page.locator("#panel-what-if-changes")).to_contain_text("Left out")
    assert query(page) == "assume=D3~out"
    page.get_by_label("Name of the scenario").fill("Plain")
    page.get_by_role("button", name="Save scenario").click()
    expect(page.locator("#what-if-open")).to_contain_text("Plain is open")


def test_the_page_keeps_nobody_out_at_any_width(visit: Visit) -> None:
    address = f"{URL}?assume=D3~out,D1~amount=x"
    page = visit(address)
    assert verdict(page) == {}
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
