"""Next best actions in a browser: done, snoozed, brought back; by mouse, keys, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.browser.trouble import Trouble
from tests.coaching import a_team

LIST, ANA = "/coaching/actions/", "/coaching/reps/ana/"
ROWS = "#actions [data-row]"


@pytest.fixture(scope="module", autouse=True)
def team(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Three reps of a team with an open deal each, and a stranger."""
    a_team.load(tmp_path_factory.mktemp("team"))
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


def deals(page: Page) -> list[str]:
    """The deals of the list in their order."""
    return [one.get_attribute("aria-label") or "" for one in page.locator(ROWS).all()]


def test_one_goes_from_the_team_to_what_is_to_be_done_next(visit: Visit) -> None:
    page = visit("/coaching/", "bo")
    page.locator("#coaching-tabs").get_by_role("link", name="Next best actions").click()
    expect(page.locator("h1")).to_have_text("Next best actions")
    expect(page.locator(ROWS)).to_have_count(3)
    page.locator(ROWS).first.get_by_role("link").first.click()
    expect(page.locator("#deal-flags")).to_be_visible()


def test_by_keys_an_action_is_done_and_undone(visit: Visit) -> None:
    page = visit(LIST, "bo")
    expect(page.locator(ROWS)).to_have_count(3)
    before = deals(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#action-2")).to_be_focused()
    page.keyboard.press("d")
    expect(page.locator(ROWS)).to_have_count(2)
    assert deals(page) == [before[0], before[2]]
    expect(page.locator("#action-2")).to_be_focused()
    expect(page.locator("#live")).to_contain_text("2 actions are left")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ROWS)).to_have_count(3)
    assert deals(page) == before
    expect(page.locator("#actions-title")).to_be_focused()


def test_by_keys_an_action_is_snoozed_and_brought_back(visit: Visit) -> None:
    page = visit(LIST, "bo")
    page.keyboard.press("s")
    until = page.locator("#action-1-until")
    expect(until).to_be_focused()
    until.fill("2025-07-04")
    until.press("Enter")
    expect(page.locator(ROWS)).to_have_count(2)
    page.locator("#actions-aside").click()
    aside = page.locator(".actions-aside li")
    expect(aside).to_contain_text("Snoozed until 4 Jul 2025 by Bo")
    aside.get_by_role("button", name="Bring back").click()
    expect(page.locator(ROWS)).to_have_count(3)


def test_why_something_is_of_no_use_has_to_be_said(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("422")
    page = visit(ANA, "ana")
    first = page.locator(ROWS).first
    first.locator("summary").click()
    reason = first.get_by_label("It is not useful, because")
    reason.fill(" \u200b ")
    first.get_by_role("button", name="Not useful").click()
    wrong = page.locator("#action-1-wrong")
    expect(wrong).to_contain_text("Say why")
    expect(wrong).to_be_focused()
    assert verdict(page) == {}
    reason.fill("They are in court")
    first.get_by_role("button", name="Not useful").click()
    expect(page.locator(ROWS)).to_have_count(0)
    expect(page.locator("#actions")).to_contain_text("They are in court")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ROWS)).to_have_count(1)


def test_without_scripts_an_action_is_done_and_brought_back(visit: Visit) -> None:
    page = visit(ANA, "ana", java_script_enabled=False)
    page.get_by_role("button", name="Done").click()
    expect(page.locator("h1")).to_have_text("Ana Almeida")
    expect(page.locator(ROWS)).to_have_count(0)
    page.locator("#actions-aside").click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.locator(ROWS)).to_have_count(1)


@pytest.mark.parametrize(("address", "who"), [(LIST, "bo"), (LIST, "ana"), (ANA, "ana")])
def test_the_list_keeps_nobody_out_on_a_phone_and_a_desk(
    visit: Visit, address: str, who: str
) -> None:
    page = visit(address, who)
    page.locator(ROWS).first.locator("summary").click()
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []
    assert page.evaluate(SMALL) == []
