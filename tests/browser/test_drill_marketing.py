"""From a channel to its campaign, from the campaign to a day, and from the day to its rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends

JUNE = "period=custom&start=2025-06-01&end=2025-06-30"
ADDRESSES = (
    *("/marketing/campaigns/", "/marketing/channels/LinkedIn/"),
    "/marketing/campaigns/Launch/",
)


def test_a_channel_leads_to_its_campaign_to_a_day_and_to_its_rows(visit: Visit) -> None:
    page = visit(f"/marketing/campaigns/?{JUNE}")
    page.locator("#table-campaign-channels").get_by_role("link", name="LinkedIn").click()
    expect(page.locator("h1")).to_have_text("LinkedIn")
    page.locator("#table-campaigns").get_by_role("link", name="Launch").click()
    expect(page.locator("h1")).to_have_text("Launch")
    page.locator("#table-campaign-days").get_by_role("link", name="$4,000").first.click()
    expect(page.locator("#explain")).to_contain_text("$4,000")
    expect(page.locator("#table-rows tbody tr")).to_have_count(1)


@pytest.mark.parametrize("address", ADDRESSES)
def test_channels_and_campaigns_keep_nobody_out_at_any_width(visit: Visit, address: str) -> None:
    page = visit(f"{address}?{JUNE}")
    assert verdict(page) == {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
