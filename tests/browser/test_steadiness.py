"""Nothing jumps: not while a page loads, and not when a part of it is swapped."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import period, swap
from tests.browser.test_charts import draw_all

# Shifts right after an input count too: a swap is always right after one.
WATCH = """window.shift = 0; new PerformanceObserver(list => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""
AT_LOAD, AT_SWAP = 0.02, 0.01


def shift(page: Page) -> float:
    """What has moved since the last look, as Chromium counts it."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    moved: float = page.evaluate("() => { const moved = shift; shift = 0; return moved }")
    return moved


def test_nothing_moves_while_the_page_loads(visit: Visit) -> None:
    page = visit()
    page.evaluate(WATCH)
    draw_all(page)
    assert shift(page) <= AT_LOAD


def test_nothing_moves_when_a_part_is_swapped(visit: Visit) -> None:
    page = visit()
    page.evaluate(WATCH)
    shift(page)
    with swap(page):
        period(page).select_option(label="Last 30 days")
    draw_all(page)
    assert shift(page) <= AT_SWAP, "panels"
    page.locator("#filters summary", has_text="Segment: ").click()
    with swap(page):
        page.get_by_role("checkbox", name="ENT").check()
    page.keyboard.press("Escape")
    assert shift(page) <= AT_SWAP, "panels with chips"
    with swap(page, "#table-channel-performance"):
        page.locator("#table-channel-performance").get_by_role("link", name="Leads").click()
    assert shift(page) <= AT_SWAP, "a table"
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").click()
    assert shift(page) <= AT_SWAP, "the main part"


def test_nothing_moves_on_a_phone(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.evaluate(WATCH)
    assert shift(page) <= AT_LOAD
    with swap(page):
        period(page).select_option(label="Last 30 days")
    assert shift(page) <= AT_SWAP
