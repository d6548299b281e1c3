"""My day in a browser: reached by keys, worked by keys, open to everybody, on a phone too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from coaching.models import Commitment, Meeting
from revops_site.kernel import clock
from revops_site.kernel.models import User
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.coaching import a_team

DAY = "/coaching/day/"


@pytest.fixture(scope="module", autouse=True)
def team(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Half a year of a team of three and a stranger."""
    a_team.load(tmp_path_factory.mktemp("team"))
    yield
    Meeting.objects.all().delete()
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def promised(team: None) -> Iterator[None]:
    """Ana has committed herself to something that was due yesterday."""
    now, today = clock.now(), clock.today()
    bo = User.objects.get(username="bo")
    one = Meeting.objects.create(rep_id="ana", manager=bo, since=a_team.LAST_DAY, opened_at=now)
    one.commitments.create(
        whose="rep", text="Call the CFO", due_date=today - timedelta(days=1), at=now
    )
    yield
    Meeting.objects.all().delete()


def test_a_rep_comes_by_keys_and_does_what_is_due(visit: Visit) -> None:
    page = visit("/glossary/", "ana")
    page.keyboard.press("g")
    page.keyboard.press("y")
    expect(page.locator("h1")).to_have_text("My day")
    expect(page.locator("#rail [aria-current]")).to_have_text("My day")
    todo = page.locator("#tasks")
    expect(todo).to_contain_text("Overdue")
    done = todo.get_by_role("button", name=re.compile("^Done"))
    done.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tasks")).not_to_contain_text("Call the CFO")
    expect(page.locator("h1")).to_have_text("My day")
    assert Commitment.objects.get().state == "done"


def test_the_list_of_keys_names_the_day_to_reps_alone(visit: Visit) -> None:
    page = visit("/glossary/", "ana")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("My day")
    page = visit("/glossary/", "bo")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Coaching")
    expect(page.locator("#keys")).not_to_contain_text("My day")


def test_a_deal_is_opened_from_the_day_and_leads_back(visit: Visit) -> None:
    page = visit(DAY, "ana")
    page.locator("#listing-my-deals tbody a, #table-my-deals tbody a").first.click()
    expect(page).to_have_url(re.compile("/pipeline/deals/O-ana/.*list=my-deals"))
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("h1")).to_have_text("My day")


def test_a_figure_explains_itself_beside_the_page(visit: Visit) -> None:
    page = visit(DAY, "ana")
    page.locator("#panel-day-kpis a[href^='/explain/pipeline-quota-gap/']").first.click()
    expect(page.locator("#explain")).to_contain_text("quota - won_amount")


def test_the_day_keeps_nobody_out_on_a_phone_and_a_desk(visit: Visit) -> None:
    page = visit(DAY, "ana")
    assert verdict(page) == {}
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []
    assert page.evaluate(SMALL) == []
    page = visit(DAY, "ana", java_script_enabled=False)
    page.get_by_role("button", name=re.compile("^Carry over")).click()
    expect(page.locator("#tasks")).not_to_contain_text("Call the CFO")
