"""Why a number changed: asked from a tile, taken apart another way, and led back to its rows."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import swap
from tests.browser.test_axe import verdict
from tests.browser.test_explain import click_mark
from tests.browser.test_widths import SMALL, loose_ends

JUNE = (
    "period=custom&start=2025-06-01&end=2025-06-30&against_start=2025-05-12&against_end=2025-05-31"
)
ADDRESSES = (
    f"/why/marketing-cpl/?{JUNE}&by=channel",
    f"/why/marketing-spend/?{JUNE}",
    "/why/marketing-spend/?period=all",
)
BARE: dict[str, Any] = {"java_script_enabled": False}


def test_a_tiles_change_leads_to_what_made_it(visit: Visit) -> None:
    page = visit("/marketing/?period=custom&start=2025-06-10&end=2025-06-30")
    tile = page.locator(".kpi", has=page.get_by_text("Spend", exact=True))
    tile.locator(".delta a").click()
    expect(page.locator("h1")).to_have_text("Why spend changed")
    expect(page.locator("#why .lead")).to_contain_text("Spend fell by $500, from")


def test_another_way_to_take_it_apart_is_one_click(visit: Visit) -> None:
    page = visit(f"/why/marketing-cpl/?{JUNE}&by=channel")
    with swap(page, "#main") as asked:
        page.get_by_role("navigation", name="Take apart by").get_by_text("Segment").click()
    assert len(asked) == 1
    expect(page.locator("#why")).to_contain_text("By segment")
    expect(page.locator("#table-groups")).to_contain_text("ENT")
    assert "against_start=2025-05-12" in page.url
    page.go_back()
    expect(page.locator("#table-groups")).to_contain_text("Google Ads")


def test_a_part_leads_to_its_rows(visit: Visit) -> None:
    page = visit(f"/why/marketing-spend/?{JUNE}&by=channel")
    with swap(page, "#explain"):
        page.locator("#table-groups").get_by_role("link", name="LinkedIn").click()
    expect(page.locator("#explain")).to_contain_text("$6,000.00")
    expect(page.locator("#explain")).to_contain_text("2 days of campaigns")


def test_a_bar_leads_where_its_part_leads(visit: Visit) -> None:
    page = visit(f"/why/marketing-spend/?{JUNE}&by=channel")
    with swap(page, "#explain"):
        click_mark(page, "steps", 0)
    expect(page.locator("#explain")).to_contain_text("$6,000.00")


def test_any_two_periods_are_compared_without_scripts(visit: Visit) -> None:
    page = visit("/why/marketing-spend/?period=30d", **BARE)
    page.locator("summary", has_text="Compare with other days").click()
    page.locator("#against-start").fill("2025-05-12")
    page.locator("#against-end").fill("2025-05-31")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator("#why .lead")).to_contain_text("from $4K to $7K")
    expect(page.locator("#table-groups")).to_be_visible()


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_keeps_nobody_out(visit: Visit, address: str) -> None:
    assert verdict(visit(address)) == {}


@pytest.mark.parametrize("address", ADDRESSES)
def test_it_fits_a_phone(visit: Visit, address: str) -> None:
    page = visit(address)
    for width in (1280, 768, 360):
        page.set_viewport_size({"width": width, "height": 800})
        assert loose_ends(page) == [], width
    phone = visit(address, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
