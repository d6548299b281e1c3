"""Coaching in a browser: from the team to a rep and back, two compared, for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from coaching import tasks
from coaching.models import CoachingInsight
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.coaching import a_team

TEAM, ANA = "/coaching/", "/coaching/reps/ana/"


@pytest.fixture(scope="module", autouse=True)
def team(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Half a year of a team of three and a stranger."""
    a_team.load(tmp_path_factory.mktemp("team"))
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


def test_a_manager_goes_from_the_team_to_a_rep_and_on_to_the_next(visit: Visit) -> None:
    page = visit("/glossary/", "bo")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.locator("h1")).to_have_text("Coaching")
    page.locator("#table-coaching-reps").get_by_role("link", name="Ana Almeida").click()
    expect(page.locator("h1")).to_have_text("Ana Almeida")
    page.get_by_role("link", name="Ben Becker ›").click()
    expect(page.locator("h1")).to_have_text("Ben Becker")
    page.locator("#rep-tabs").get_by_role("link", name="Deals").click()
    expect(page).to_have_url(re.compile("/reps/ben/"))
    page.locator("#rep-tabs").get_by_role("link", name="Coaching").click()
    expect(page).to_have_url(re.compile("/coaching/reps/ben/"))


def test_two_reps_are_chosen_and_stand_beside_each_other(visit: Visit) -> None:
    page = visit(TEAM, "bo")
    page.locator("#compare-1").select_option("ana")
    page.locator("#compare-2").select_option("cat")
    page.get_by_role("button", name="Show these two").click()
    expect(page).to_have_url(re.compile("owner=ana&owner=cat"))
    head = page.locator("#table-coaching-compare tbody tr").first
    expect(head).to_contain_text("Ana Almeida")
    expect(head).to_contain_text("Cat Cole")


def test_a_number_of_a_rep_is_explained_beside_the_page(visit: Visit) -> None:
    page = visit(TEAM, "bo")
    page.locator("#table-coaching-reps tbody tr").first.get_by_role("link", name="100%").click()
    beside = page.locator("#explain")
    expect(beside).to_contain_text("won_amount / quota_to_date")
    expect(beside).to_contain_text("100,000")


def test_a_rep_finds_the_own_row_alone(visit: Visit) -> None:
    page = visit(TEAM, "ana")
    expect(page.locator("#table-coaching-reps tbody tr")).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("Ben Becker")


@pytest.mark.parametrize(("address", "who"), [(TEAM, "bo"), (ANA, "ana")])
def test_pages_of_coaching_keep_nobody_out_on_a_phone_and_a_desk(
    visit: Visit, address: str, who: str
) -> None:
    page = visit(address, who)
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []
    assert page.evaluate(SMALL) == []


def test_without_scripts_all_of_it_can_be_read(visit: Visit) -> None:
    page = visit(ANA, "bo", java_script_enabled=False)
    expect(page.locator("#table-rep-activity")).to_contain_text("Last 30 days")
    expect(page.locator("#table-rep-drivers")).to_contain_text("Contacts per deal")
    expect(page.locator("#table-rep-quarters")).to_contain_text("Q2 2025")


def test_insights_are_asked_for_by_keyboard_and_come_without_a_reload(visit: Visit) -> None:
    tasks.write("ben")
    page = visit("/coaching/reps/ben/", "bo")
    part = page.locator("#coaching-insights")
    expect(part).to_contain_text("Very active")
    expect(part.get_by_text("template")).to_be_visible()
    assert verdict(page, "#coaching-insights") == {}
    page.locator("#write-anew").focus()
    page.keyboard.press("Enter")
    expect(part).to_contain_text("Being written")
    tasks.write("ben")
    expect(part).not_to_contain_text("Being written", timeout=10_000)
    expect(part).to_contain_text("Very active")
    part.get_by_role("link", name=re.compile("^Compare")).click()
    expect(page).to_have_url(re.compile("#panel-rep-drivers"))


def test_insights_that_are_not_there_yet_say_so_to_a_rep_on_a_phone(visit: Visit) -> None:
    CoachingInsight.objects.all().delete()
    page = visit(ANA, "ana", viewport=PHONE)
    expect(page.locator("#coaching-insights")).to_contain_text("Nothing is written yet")
    tasks.write("ana")
    page.reload()
    expect(page.locator("#coaching-insights")).to_contain_text("On Track: 100% of the quota")
    assert loose_ends(page) == []
