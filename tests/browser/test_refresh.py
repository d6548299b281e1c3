"""New data come to an open page by themselves, and never under somebody's hands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from revops_site.kernel import freshness
from tests import marketing_days as marketing
from tests.browser import world
from tests.browser.conftest import Visit
from tests.browser.reading import figures, query, swap
from tests.browser.trouble import Trouble

MORE = "2025-06-30,Podcast,Pilot,SMB,US,800,9000,90,9,5,2,1,0,,88.9,0.01,0.1,-100"
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def restored(site: str, tmp_path: Path) -> Iterator[None]:
    """What a test loads goes again."""
    yield
    world.clear()
    world.fill(tmp_path)


def patient(page: Page) -> Page:
    """The page with a clock that can be put forward."""
    page.clock.install()
    page.reload()
    return page


def asked(page: Page) -> list[str]:
    """Each question whether something landed, as it is put."""
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if "/pulse/" in one.url else None)
    return found


def later(page: Page, seconds: int = 20) -> None:
    """So much time passes; the page has put its question and read the answer."""
    with page.expect_response("**/pulse/*"):
        page.clock.fast_forward(seconds * 1000)


def test_figures_change_in_place_when_a_file_lands(
    visit: Visit, restored: None, tmp_path: Path
) -> None:
    page = patient(visit("/marketing/?period=30d"))
    before, history = figures(page), page.evaluate("history.length")
    later(page)
    (tmp_path / "more").mkdir()
    marketing.load(tmp_path / "more", (*marketing.ROWS, MORE))
    with swap(page):
        later(page)
    expect(page.locator("#live")).to_have_text("New data: updated")
    expect(page.locator("#panel-channel-performance")).to_contain_text("Podcast")
    assert figures(page) not in ([], before)
    assert query(page) == "period=30d"
    assert page.evaluate("history.length") == history


def test_focus_scroll_and_open_tables_stay(visit: Visit) -> None:
    page = patient(visit("/marketing/?segment=ENT"))
    page.locator("#panel-funnel").get_by_text("Show the data as a table").click()
    link = page.locator("#panel-funnel").get_by_role("link", name="CSV")
    link.focus()
    page.evaluate("scrollTo(0, 700)")
    top = page.evaluate("scrollY")
    freshness.bump()
    with swap(page):
        later(page)
    expect(page.locator("#panel-funnel details.data")).to_have_attribute("open", "")
    expect(link).to_be_focused()
    assert page.evaluate("scrollY") == top


def test_it_asks_no_page_again_while_nothing_landed(visit: Visit) -> None:
    page = patient(visit())
    page.locator("#panels").evaluate("panels => panels.dataset.same = 'yes'")
    questions = asked(page)
    for _ in range(3):
        later(page)
    assert len(questions) == 3
    expect(page.locator("#panels[data-same]")).to_be_visible()


def test_a_menu_that_is_open_is_waited_for(visit: Visit) -> None:
    page = patient(visit())
    page.locator("#panels").evaluate("panels => panels.dataset.same = 'yes'")
    for opener in ("#user-menu summary", "#views-menu > summary"):
        page.locator(opener).click()
        freshness.bump()
        later(page)
        later(page, 2)
        expect(page.locator("#panels[data-same]")).to_be_visible()
    page.keyboard.press("Escape")
    with swap(page):
        later(page, 2)


def test_the_search_and_the_list_of_keys_are_waited_for(visit: Visit) -> None:
    page = patient(visit())
    page.locator("#panels").evaluate("panels => panels.dataset.same = 'yes'")
    page.keyboard.press("/")
    expect(page.locator("#palette").get_by_role("option").first).to_be_visible()
    freshness.bump()
    later(page)
    expect(page.locator("#panels[data-same]")).to_be_attached()
    page.keyboard.press("Escape")
    with swap(page):
        later(page, 2)


def test_nothing_changes_while_one_types(visit: Visit) -> None:
    page = patient(visit())
    page.locator("#panels").evaluate("panels => panels.dataset.same = 'yes'")
    later(page)
    freshness.bump()
    page.clock.fast_forward(18_500)
    page.locator("#filter-start").dispatch_event("input")
    later(page, 1)
    expect(page.locator("#panels[data-same]")).to_be_visible()
    with swap(page):
        page.clock.fast_forward(4_000)


def test_a_hidden_tab_asks_nothing_and_one_shown_again_at_once(visit: Visit) -> None:
    page = patient(visit())
    later(page)
    questions = asked(page)
    page.evaluate(HIDE, True)
    for _ in range(5):
        page.clock.fast_forward(60_000)
    assert questions == []
    freshness.bump()
    with swap(page):
        page.evaluate(HIDE, False)
    assert len(questions) == 1


def test_it_asks_more_seldom_while_nobody_answers(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("503")
    page = patient(visit())
    page.route("**/pulse/*", lambda route: route.fulfill(status=503))
    later(page)
    questions = asked(page)
    page.clock.fast_forward(30_000)
    page.wait_for_timeout(300)
    assert questions == []
    later(page, 15)
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(300)
    assert len(questions) == 1
    page.unroute("**/pulse/*")
    later(page, 30)
    later(page)
    expect(page.locator("#banner")).to_be_hidden()


def test_a_session_that_ended_leaves_the_figures_alone(visit: Visit) -> None:
    page = patient(visit("/marketing/?period=30d"))
    shown = figures(page)
    world.end_all_sessions()
    questions = asked(page)
    later(page)
    for _ in range(3):
        page.clock.fast_forward(60_000)
    page.wait_for_timeout(300)
    assert len(questions) == 1
    assert figures(page) == shown
    assert query(page) == "period=30d"


def test_a_page_without_figures_asks_nothing(visit: Visit) -> None:
    page = patient(visit("/glossary/"))
    questions = asked(page)
    for _ in range(3):
        page.clock.fast_forward(30_000)
        page.wait_for_timeout(100)
    assert questions == []
