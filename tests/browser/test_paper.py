"""On paper: the figures without what only a screen can use."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.test_charts import draw_all

SCREEN_ONLY = ("#rail", "#filters", "#banner", ".skip", ".exports", "dialog")


def test_print_leaves_out_the_rail_and_all_controls(visit: Visit) -> None:
    page = visit()
    page.emulate_media(media="print")
    for part in SCREEN_ONLY:
        for one in page.locator(part).all():
            expect(one).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".kpi .value").first).to_be_visible()


def test_no_card_is_cut_and_heads_repeat(visit: Visit) -> None:
    page = visit()
    page.emulate_media(media="print")
    for card in page.locator(".card").all():
        expect(card).to_have_css("break-inside", "avoid")
    expect(page.locator("thead").first).to_have_css("display", "table-header-group")


def test_paper_is_light_whatever_the_screen_wears(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    draw_all(page)
    before = page.locator(".chart .bg").first.evaluate("bg => getComputedStyle(bg).fill")
    printed = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) in range(1, 9)
    expect(page.locator("html")).to_have_attribute("data-theme", "")
    after = page.locator(".chart .bg").first.evaluate("bg => getComputedStyle(bg).fill")
    assert after == before
