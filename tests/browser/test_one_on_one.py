"""A 1:1 in a browser: by keys from start to close, two who write at once, and on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from coaching.models import Commitment, Meeting
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.browser.trouble import Trouble
from tests.coaching import a_team

HERE = "/coaching/reps/ana/one-on-one/"


@pytest.fixture(scope="module", autouse=True)
def team(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Half a year of a team of three and a stranger."""
    a_team.load(tmp_path_factory.mktemp("team"))
    yield
    Meeting.objects.all().delete()
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def nothing_said(team: None) -> Iterator[None]:
    """Each test begins before the first 1:1."""
    yield
    Meeting.objects.all().delete()


def start(page: Page) -> None:
    page.locator("#start").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Notes of this 1:1, in plain text")).to_be_visible()


def saved(page: Page) -> None:
    expect(page.locator("#notes-state")).to_contain_text("Saved ")


def test_a_manager_holds_a_1_1_by_keys_alone(visit: Visit) -> None:
    page = visit("/coaching/reps/ana/", "bo")
    page.locator("#rep-tabs").get_by_role("link", name="1:1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("1:1 with Ana Almeida")
    start(page)
    page.locator("#talk-notes").focus()
    page.keyboard.type("Ana is doing well.")
    saved(page)
    assert Meeting.objects.get().notes == "Ana is doing well."
    page.locator("#commit-what").focus()
    page.keyboard.type("Call the CFO")
    page.keyboard.press("Enter")
    expect(page.locator("#commitments-list")).to_contain_text("Call the CFO")
    expect(page.locator("#commit-what")).to_have_value("")
    done = page.get_by_role("button", name=re.compile("^Done"))
    done.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Open again"))).to_be_visible()
    expect(page.locator("#talk-notes")).to_have_value("Ana is doing well.")
    page.locator("#close").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    assert Commitment.objects.get().state == "done"
    page.locator(".talks a").first.click()
    expect(page.locator("#notes-state")).to_contain_text("Ana is doing well.")


def test_who_moves_on_while_a_part_settles_stays_there(visit: Visit) -> None:
    page = visit(HERE, "bo")
    start(page)
    page.evaluate(
        """() => {
        const go = () => setTimeout(() => document.querySelector("#close").focus());
        document.addEventListener("htmx:afterSwap", go, { once: true });
        document.addEventListener("htmx:afterSettle", () => (document.title = "Settled"));
        }"""
    )
    page.locator("#commit-what").fill("Call the CFO")
    page.keyboard.press("Enter")
    expect(page).to_have_title("Settled")
    expect(page.locator("#close")).to_be_focused()


def test_two_who_write_at_once_lose_nothing(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("422")
    first = visit(HERE, "bo")
    start(first)
    second = visit(HERE, "ana")
    second.locator("#talk-notes").fill("What Ana wrote")
    saved(second)
    first.locator("#talk-notes").fill("What Bo wrote")
    wrong = first.locator("#talk-wrong")
    expect(wrong).to_contain_text("changed since you opened them")
    expect(wrong).to_contain_text("What Ana wrote")
    expect(first.locator("#talk-notes")).to_have_value("What Bo wrote")
    first.get_by_role("button", name="Keep both").click()
    expect(first.locator("#talk-notes")).to_have_value("What Ana wrote\n\nWhat Bo wrote")
    assert Meeting.objects.get().notes == "What Ana wrote\n\nWhat Bo wrote"


def test_without_scripts_all_of_it_works(visit: Visit) -> None:
    page = visit(HERE, "bo", java_script_enabled=False)
    start(page)
    page.locator("#talk-notes").fill("On paper first")
    page.locator("#commit-what").fill("Send the terms")
    page.get_by_role("button", name="Add commitment").click()
    expect(page.locator("#commitments-list")).to_contain_text("Send the terms")
    expect(page.locator("#talk-notes")).to_have_value("On paper first")


def test_it_keeps_nobody_out_on_a_phone_and_a_desk(visit: Visit) -> None:
    page = visit(HERE, "bo")
    assert verdict(page) == {}
    start(page)
    page.locator("#talk-notes").fill("A note")
    page.locator("#commit-what").fill("Send the terms")
    page.get_by_role("button", name="Add commitment").click()
    expect(page.locator("#commitments-list")).to_contain_text("Send the terms")
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []
    assert page.evaluate(SMALL) == []


def test_it_prints_on_one_page_with_its_notes_and_commitments(visit: Visit) -> None:
    page = visit(HERE, "bo")
    start(page)
    page.locator("#talk-notes").fill("A line of notes that says something.\n" * 20)
    saved(page)
    for nth in range(4):
        page.locator("#commit-what").fill(f"Promise {nth}")
        page.get_by_role("button", name="Add commitment").click()
        expect(page.locator("#commitments-list")).to_contain_text(f"Promise {nth}")
        expect(page.locator("#commit-what")).to_have_value("")
    printed = page.pdf(format="A4", print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    expect(page.locator("#notes-state .note-text")).to_be_visible()
    for hidden in ("#talk-notes", "#close", "#rep-tabs", "#rail"):
        expect(page.locator(hidden)).to_be_hidden()
