"""Who stays: from a cell of a triangle to its customers, from a bar to those behind it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends

pytestmark = pytest.mark.usefixtures("a_company")
ADDRESSES = (
    *("/revenue/cohorts/", "/revenue/lifetimes/", "/revenue/unit-economics/"),
    *("/revenue/definitions/", "/revenue/waterfall/quarter/", "/revenue/retention/plan/"),
)


def test_a_cell_of_a_triangle_leads_to_its_customers_and_to_a_file_of_them(visit: Visit) -> None:
    page = visit("/revenue/cohorts/logo/month/")
    cell = page.locator("#table-cohorts-logo-month td a").last
    kept = cell.inner_text().split("%")[0]
    cell.click()
    expect(page.locator("h1")).to_contain_text("Customers of ")
    with page.expect_download() as download:
        page.locator("#listing-cohort-customers").get_by_role("link", name="CSV").click()
    lines = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
    stay = sum(line["state"] == "stays" for line in lines)
    assert f"{100 * stay / len(lines):.0f}" == kept
    page.go_back()
    expect(page.locator("#table-cohorts-logo-month")).to_be_visible()


def test_another_measure_and_unit_are_one_click_away(visit: Visit) -> None:
    page = visit("/revenue/cohorts/")
    page.locator("#revenue-switches").get_by_role("link", name="By quarter").click()
    expect(page.locator("#table-cohorts-net-quarter")).to_be_visible()
    page.locator("#revenue-switches").get_by_role("link", name="Customers").click()
    expect(page.locator("#table-cohorts-logo-quarter")).to_be_visible()


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_of_who_stays_keep_nobody_out_at_any_width(visit: Visit, address: str) -> None:
    page = visit(address)
    assert verdict(page) == {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []


def test_a_triangle_fits_the_paper(visit: Visit) -> None:
    page = visit("/revenue/cohorts/", viewport={"width": 688, "height": 1000})  # A4 in its margins
    page.emulate_media(media="print")
    expect(page.locator("nav.tabs")).to_be_hidden()
    expect(page.locator("#revenue-switches")).to_be_hidden()
    box = page.locator("main table").first.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 688
