"""Churn, renewals, forecast and a customer, as people walk through them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from insights.tasks import keep_customers
from revenue import tasks
from tests.browser import world
from tests.browser.conftest import Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import WIDTHS, loose_ends
from tests.revenue import many
from tests.revenue_customers import load

PAGES = ("/revenue/churn/", "/revenue/renewals/", "/revenue/forecast/", "/customers/M024/")


@pytest.fixture(scope="module", autouse=True)
def customers(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Many customers beside the marketing; what the worker keeps of them."""
    folder = tmp_path_factory.mktemp("many")
    load(folder, reps=["rep_id,name", "cy,Cy Chen"])
    many.load_many(folder)
    keep_customers()
    tasks.try_again()
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("again"))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_keeps_nobody_out_and_fits_every_width(visit: Visit, address: str) -> None:
    page = visit(address)
    assert verdict(page) == {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width


def test_from_a_number_to_the_customer_behind_it(visit: Visit) -> None:
    page = visit("/revenue/")
    page.locator("#revenue-tabs, .tabs").get_by_role("link", name="Churn").click()
    expect(page.get_by_role("heading", level=1, name="Churn")).to_be_visible()
    first = page.locator("#listing-customers-at-risk tbody a").first
    name = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.locator("#panel-customer-factors")).to_contain_text("Pays less than before")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Churn")).to_be_visible()


def test_a_reason_narrows_the_page(visit: Visit) -> None:
    page = visit("/revenue/churn/?period=all")
    page.locator("#panel-churn-reasons-by-segment").get_by_role("link", name="Price").click()
    page.wait_for_url("**reason=Price**")
    expect(page.locator("#panel-churn-reasons-by-segment tbody tr")).to_have_count(1)
