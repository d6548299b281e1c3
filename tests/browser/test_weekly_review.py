"""The weekly review by keys alone: overview, what changed the pipeline, a deal, a note."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.reading import swap

pytestmark = pytest.mark.usefixtures("a_company")
MOST = 400


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    expect(target).to_be_visible()
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no press of Tab reaches {target}")


def test_from_the_overview_over_the_bridge_to_a_deal_and_a_note(visit: Visit) -> None:
    page = visit("/")
    tab_to(page, page.get_by_role("link", name="What they did to the pipeline"))
    with swap(page, "#main"):
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Pipeline changes")
    tab_to(page, page.locator("#pipeline-tabs").get_by_role("link", name="Changes"))
    step = page.locator("#table-bridge-all-steps tbody a").first
    tab_to(page, step)
    said = step.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(said)
    deal = page.locator("#table-deals tbody a[href^='/pipeline/deals/']").first
    tab_to(page, deal)
    name = deal.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(name)
    tab_to(page, page.locator("#note-body"))
    page.keyboard.type("Asked for the signed order")
    tab_to(page, page.get_by_role("button", name="Add note"))
    with swap(page, "#main"):
        page.keyboard.press("Enter")
    expect(page.locator("#deal-notes")).to_contain_text("Asked for the signed order")
