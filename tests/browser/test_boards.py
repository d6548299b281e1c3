"""Annotations, comments and boards in a browser: by keys, on a phone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from insights.models import Board, Thread
from revops_site.kernel.models import Annotation
from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.browser.trouble import Trouble


@pytest.fixture(autouse=True)
def none_kept(site: str) -> Iterator[None]:
    """Each test begins and ends without."""
    yield
    for model in (Board, Thread, Annotation):
        model.objects.all().delete()


def make(page: Page, name: str = "Monday") -> None:
    """A board with two panels, each put there from its own page."""
    page.goto("/marketing/")
    page.locator("#panel-weekly-trend").get_by_role("link", name="To board").click()
    expect(page.locator("h1")).to_have_text("Add to a board")
    page.get_by_label("A new board").check()
    page.get_by_label("Name of the new board").fill(name)
    page.get_by_role("button", name="Add").click()
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("#panel-weekly-trend")).to_be_visible()
    page.goto("/marketing/")
    page.locator("#panel-funnel").get_by_role("link", name="To board").click()
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#panel-funnel")).to_be_visible()


def order(page: Page) -> list[str]:
    """The panels of the board in their order."""
    return [
        one.get_attribute("id") or "" for one in page.locator("section.panel[id^=panel-]").all()
    ]


def test_a_board_is_made_ordered_by_keys_shared_and_read_by_another_role(
    visit: Visit, trouble: Trouble
) -> None:
    trouble.expect("404")
    page = visit("/boards/")
    make(page)
    assert order(page) == ["panel-weekly-trend", "panel-funnel"]
    page.get_by_role("link", name="Edit board").click()
    expect(page.locator("h1")).to_have_text("Edit Monday")
    page.locator("#row-funnel").get_by_role("button", name="Up").press("Enter")
    down = page.locator("#row-funnel").get_by_role("button", name="Down")
    expect(down).to_be_focused()
    expect(page.locator("ol > li").first).to_have_attribute("id", "row-funnel")
    page.locator("#row-weekly-trend").get_by_role("button", name="Full width").press("Enter")
    expect(
        page.locator("#row-weekly-trend").get_by_role("button", name="Half width")
    ).to_be_focused()
    page.get_by_label("Role").select_option(label="Everybody with the role Viewer")
    page.get_by_role("button", name="Share with the role").press("Enter")
    expect(page.locator("#share-title").locator("xpath=../..")).to_contain_text("the role Viewer")
    page.get_by_role("link", name="Open the board").click()
    expect(page.locator("#panel-weekly-trend.col-12 .js-plotly-plot")).to_be_visible()
    assert order(page) == ["panel-funnel", "panel-weekly-trend"]
    address = page.url
    viewer = visit(address, who="vi")
    expect(viewer.locator("#board-bar")).to_contain_text("Dee’s board, shared with you")
    expect(viewer.get_by_role("link", name="Edit board")).to_have_count(0)
    assert order(viewer) == ["panel-funnel", "panel-weekly-trend"]
    stranger = visit(address, who="ana")
    expect(stranger.locator("#panel-funnel")).to_have_count(0)
    expect(stranger.locator("h1")).not_to_have_text("Monday")


def test_a_panel_is_found_and_added_and_filters_are_kept(visit: Visit) -> None:
    page = visit("/boards/")
    page.get_by_label("New board").fill("Paid")
    page.get_by_role("button", name="Make the board").press("Enter")
    expect(page.locator("h1")).to_have_text("Edit Paid")
    page.get_by_label("Find a panel").fill("leads mqls move")
    page.get_by_label("Find a panel").press("Enter")
    found = page.locator(".found li")
    expect(found).to_have_count(1)
    found.get_by_role("button", name="Add").press("Enter")
    expect(page.locator("#row-weekly-trend")).to_be_visible()
    page.goto(f"{page.url.partition('edit/')[0]}?segment=ENT")
    expect(page.locator(".chips")).to_contain_text("Segment")
    page.get_by_role("link", name="Edit board").click()
    page.get_by_role("button", name="Keep Segment: ENT").click()
    expect(page.locator("main")).to_contain_text("It opens with Segment: ENT")
    page.get_by_role("link", name="Open the board").click()
    expect(page.locator(".chips")).to_contain_text("Segment")


def test_an_annotation_stands_on_the_chart_and_below_it(visit: Visit) -> None:
    page = visit("/annotations/new/")
    page.get_by_label("What happened").fill("LinkedIn paused")
    page.locator("#annotation-start").fill("2025-06-10")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.locator(".lines")).to_contain_text("LinkedIn paused")
    page.goto("/marketing/")
    panel = page.locator("#panel-weekly-trend")
    panel.scroll_into_view_if_needed()
    expect(panel.locator(".shapelayer path")).to_have_count(1)
    flag = panel.locator(".annotation-text")
    expect(flag).to_have_text("1")
    flag.hover()
    expect(panel.locator(".hoverlayer")).to_contain_text("10 Jun 2025: LinkedIn paused")
    expect(panel.locator(".notes")).to_contain_text("1 · 10 Jun 2025: LinkedIn paused, by Dee")
    assert verdict(page, "#panel-weekly-trend", [DESK]) == {}
    page.goto("/annotations/")
    page.get_by_role("link", name="Change LinkedIn paused").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".lines")).to_contain_text("LinkedIn paused")


def test_a_comment_is_counted_at_its_panel_answered_and_told_in_the_inbox(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT", who="bo")
    page.locator("#panel-funnel").get_by_role("link", name="Comment").click()
    expect(page.locator("h1")).to_have_text("Where do leads get stuck?")
    page.get_by_label("Say something about it").fill("Why so few?")
    page.get_by_role("button", name="Comment").press("Enter")
    expect(page.locator(".talk .said")).to_have_text("Why so few?")
    other = visit("/marketing/?segment=ENT", who="ana")
    other.locator("#panel-funnel").get_by_role("link", name="1 comment").click()
    other.get_by_label("Answer").fill("Two were lost.")
    other.get_by_role("button", name="Answer").press("Enter")
    expect(other.locator(".talk .said").last).to_have_text("Two were lost.")
    page.goto("/alerts/")
    expect(page.locator("#talks")).to_contain_text("Two were lost.")
    page.locator("#talks").get_by_role("link", name="Ana").click()
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("1 resolved")).to_be_visible()
    assert verdict(page) == {}


def test_a_board_and_a_comment_without_scripts(visit: Visit) -> None:
    page = visit("/boards/", java_script_enabled=False)
    make(page, "Plain")
    page.locator("#panel-funnel").get_by_role("link", name="Comment").click()
    page.get_by_label("Say something about it").fill("Hm")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".talk .said")).to_have_text("Hm")


def test_no_page_of_them_keeps_anybody_out_or_is_cut(visit: Visit) -> None:
    page = visit("/boards/")
    make(page, "A board with a long name that has to be broken into several")
    board = page.url.partition("#")[0]
    page.goto("/annotations/new/")
    page.get_by_label("What happened").fill("A long text about what happened on that very day")
    page.locator("#annotation-start").fill("2025-06-10")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".lines")).to_be_visible()
    talk = "/comments/?at=%2Fmarketing%2F&panel=funnel"
    page.goto(talk)
    page.get_by_label("Say something about it").fill("Words " * 40)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".talk .said")).to_be_visible()
    small = visit("/boards/", viewport=PHONE, has_touch=True)
    forms = ("/annotations/", "/annotations/new/", "/boards/", f"{board}edit/", f"{board}copy/")
    for address in (board, *forms, talk, "/boards/add/?at=%2Fmarketing%2F&panel=funnel"):
        page.goto(address)
        assert verdict(page) == {}, address
        small.goto(address)
        expect(small.locator("h1")).to_be_visible()
        assert loose_ends(small) == [], address
        assert small.evaluate(SMALL, 44) == [], address
