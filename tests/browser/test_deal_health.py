"""Deal health in a browser: from a deal that needs somebody to its flags, and the scorecard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.browser.trouble import Trouble

pytestmark = pytest.mark.usefixtures("a_company")
HEALTH, SCORECARD = "/pipeline/health/", "/pipeline/health/settings/"


def test_a_flag_is_muted_with_a_reason_and_taken_back(visit: Visit) -> None:
    page = visit(HEALTH, "dee")
    expect(page.locator("h1")).to_have_text("Deal health")
    deals = page.locator("#table-stuck-view tbody tr")
    expect(deals.first).to_be_visible()
    deals.first.locator("a[href^='/pipeline/flags/']").click()
    flag = page.locator(".flagged").first
    flag.locator("summary").click()
    flag.get_by_label("Why").fill("Waits for <b>their</b> board")
    flag.get_by_role("button", name="Mute").click()
    muted = page.locator(".flagged.muted").first
    expect(muted).to_contain_text("Waits for <b>their</b> board")
    expect(muted).to_contain_text("Muted until it is gone by")
    expect(muted.locator("summary")).to_be_focused()
    assert verdict(page) == {}
    muted.locator("summary").click()
    muted.get_by_role("button", name="Take back").click()
    expect(page.locator(".flagged.muted")).to_have_count(0)


def test_the_scorecard_shows_what_would_change_before_it_is_saved(
    visit: Visit, trouble: Trouble
) -> None:
    trouble.expect("422")
    page = visit(HEALTH, "dee")
    page.get_by_role("link", name="Weights and limits").click()
    page.get_by_label("Going Dark after").fill("1")
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#preview")).to_be_focused()
    assert verdict(page) == {}
    page.get_by_label("Close date").fill("16")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("these are 101")


@pytest.mark.parametrize("address", [HEALTH, SCORECARD])
def test_pages_of_health_keep_nobody_out_on_a_phone_and_a_desk(visit: Visit, address: str) -> None:
    page = visit(address, "dee")
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []
    assert page.evaluate(SMALL) == []
