"""Insights dismissed and alerts made in a browser: by mouse, on a phone, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from insights import tasks
from revops_site.kernel.models import Rep, Team
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.insights import a_quarter

STUCK = "of the open pipeline is stuck"


@pytest.fixture(scope="module", autouse=True)
def quarter(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A quarter of deals, some of them stuck."""
    apac = Team.objects.get_or_create(name="APAC")[0]
    Rep.objects.create(rep_id="cy", name="Cy Chen", team=apac, region="APAC")
    a_quarter.load(tmp_path_factory.mktemp("quarter"))
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


def test_a_card_is_dismissed_and_brought_back(visit: Visit) -> None:
    page = visit("/insights/")
    card = page.locator(".insight").filter(has_text=STUCK)
    expect(card).to_have_count(1)
    card.get_by_role("button", name="Useful").click()
    expect(card.get_by_role("button", name="Useful")).to_have_attribute("aria-pressed", "true")
    card.get_by_role("button", name="Dismiss").click()
    expect(card).to_have_count(0)
    expect(page.locator("#cards-title")).to_be_focused()
    page.locator("#dismissed summary").click()
    assert verdict(page) == {}
    page.locator("#dismissed").get_by_role("button", name="Bring back").click()
    expect(card).to_have_count(1)


def test_without_scripts_a_card_is_made_a_task_and_dismissed(visit: Visit) -> None:
    page = visit("/insights/", java_script_enabled=False)
    card = page.locator(".insight").filter(has_text=STUCK)
    card.get_by_text("Make a task").click()
    card.get_by_role("button", name="Make it mine").click()
    expect(page.locator("h1")).to_have_text("Insights")
    card.get_by_role("button", name="Dismiss").click()
    expect(card).to_have_count(0)
    page.goto("/tasks/")
    expect(page.locator(".task-list")).to_contain_text("Go through the list with their owners")
    page.goto("/insights/")
    page.locator("#dismissed summary").click()
    page.locator("#dismissed").get_by_role("button", name="Bring back").click()
    expect(card).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_alert_is_tried_kept_told_of_and_resolved(visit: Visit, scripts: bool) -> None:
    page = visit("/alerts/new/", java_script_enabled=scripts)
    page.locator("#alert-metric").select_option("pipeline-total")
    page.locator("#alert-kind").select_option("above")
    page.locator("#alert-limit").fill("1000")
    page.get_by_role("button", name="See when it would have fired").click()
    expect(page.locator("#past")).to_contain_text("It would fire now.")
    if scripts:
        assert verdict(page) == {}
        page.set_viewport_size(PHONE)
        assert loose_ends(page) == []
        assert page.evaluate(SMALL) == []
    page.locator("#alert-name").fill("Much is open")
    page.get_by_role("button", name="Watch it").click()
    expect(page.locator("#alerts")).to_contain_text("Much is open")
    tasks.look_at_alerts()
    page.reload()
    told = page.locator("#inbox > .told > li").filter(has_text="Much is open")
    expect(told).to_contain_text("above $1,000")
    if scripts:
        assert verdict(page) == {}
        assert loose_ends(page) == []
        assert page.evaluate(SMALL) == []
    told.get_by_role("button", name="Acknowledge").click()
    expect(told).to_contain_text("Acknowledged")
    told.get_by_role("button", name="Resolve").click()
    expect(page.locator("#inbox")).to_contain_text("Nothing is open.")
    page.locator("#alerts").get_by_role("button", name="End").click()
    expect(page.locator("#alerts")).to_have_count(0)
