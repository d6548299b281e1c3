"""What changed the pipeline: from a step of the bridge to its deals and back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import swap
from tests.browser.test_axe import verdict
from tests.browser.test_explain import click_mark
from tests.browser.test_widths import SMALL, loose_ends

pytestmark = pytest.mark.usefixtures("a_company")
ADDRESSES = (
    "/pipeline/bridge/",
    "/pipeline/bridge/all/created/",
    "/pipeline/forecast/",
    "/pipeline/velocity/",
    "/pipeline/velocity/Demo/0-7/",
)


def test_a_step_of_the_bridge_leads_to_its_deals_and_to_a_file_of_them(visit: Visit) -> None:
    page = visit("/pipeline/")
    page.locator("#pipeline-tabs").get_by_role("link", name="Changes").click()
    expect(page.locator("h1")).to_have_text("Pipeline changes")
    steps = page.locator("#table-bridge-all-steps")
    row = steps.locator("tr", has=page.get_by_role("link", name="Created"))
    count, amount = row.locator("td").all_inner_texts()
    row.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("Created")
    deals = page.locator("#table-deals tbody tr")
    expect(deals).to_have_count(int(count))
    expect(page.locator("#panel-deals")).to_contain_text(f"{amount} together")
    with page.expect_download() as download:
        page.locator("#panel-deals").get_by_role("link", name="CSV").click()
    text = Path(download.value.path()).read_text()
    changes = [float(line["change"]) for line in csv.DictReader(text.splitlines())]
    assert len(changes) == int(count)
    assert f"${sum(changes):,.0f}" == amount
    page.go_back()
    expect(steps).to_be_visible()


def test_a_bar_of_the_bridge_leads_where_its_step_leads(visit: Visit) -> None:
    page = visit("/pipeline/bridge/")
    click_mark(page, "bridge-all", 1)
    expect(page.locator("h1")).to_contain_text("Created")


def test_the_deals_of_a_step_say_what_was_and_what_is(visit: Visit) -> None:
    page = visit("/pipeline/bridge/")
    steps = page.locator("#table-bridge-all-steps")
    steps.get_by_role("link", name="Amount down").click()
    expect(page.locator("h1")).to_contain_text("Amount down")
    told = page.locator("#table-deals tbody tr").first.locator("td", has_text="→")
    before, after = told.inner_text().split(" → ")
    assert float(before.split()[0].replace(",", "")) > float(after.split()[0].replace(",", ""))


@pytest.mark.parametrize("address", ["/pipeline/", "/pipeline/forecast/", "/pipeline/bridge/"])
def test_a_past_day_shows_other_figures_and_today_the_same_again(
    visit: Visit, address: str
) -> None:
    page = visit(address)
    now = shown(page)
    page.goto(f"{page.url}?as_of=2025-01-15")
    expect(page.locator(".chips")).to_contain_text("15 Jan 2025")
    assert shown(page) != now
    with swap(page):
        page.locator(".chips li", has_text="As of").get_by_role("link").click()
    assert shown(page) == now
    assert "as_of" not in page.url


def shown(page: Page) -> list[str]:
    """The figures of all tables, opened or not."""
    return page.locator("#panels tbody td").all_text_contents()


def test_another_quarter_is_chosen_and_left_again(visit: Visit) -> None:
    page = visit("/pipeline/forecast/")
    quarter = page.locator("#filter-quarter")
    running = quarter.locator("option:checked").inner_text()
    with swap(page):
        quarter.select_option(index=0)
    assert "quarter=" in page.url
    expect(page.locator(".chips")).to_contain_text("Quarter")
    expect(page.locator("#panels")).to_contain_text("has not begun")
    with swap(page):
        quarter.select_option(label=running)
    assert "quarter=" not in page.url
    expect(page.locator("#panels")).not_to_contain_text("has not begun")


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_of_changes_and_times_keep_nobody_out_at_any_width(
    visit: Visit, address: str
) -> None:
    page = visit(address)
    assert verdict(page) == {}
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
