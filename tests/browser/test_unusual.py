"""What was unusual in a browser: marked at its chart, listed, watched, by keys and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from insights import tasks
from revops_site.kernel.models import Rep, Team
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import loose_ends
from tests.insights import a_series

TOLD = "Leads on 10 Apr 2025: 1"


@pytest.fixture(scope="module", autouse=True)
def series(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Eighteen months with a day without leads, looked at by the worker."""
    apac = Team.objects.get_or_create(name="APAC")[0]
    Rep.objects.create(rep_id="cy", name="Cy Chen", team=apac, region="APAC")
    a_series.load(tmp_path_factory.mktemp("series"))
    tasks.keep_anomalies()
    yield
    world.clear()
    world.fill(tmp_path_factory.mktemp("data"))


def test_a_week_that_is_marked_leads_to_the_day_by_keys_alone(visit: Visit) -> None:
    page = visit("/marketing/?period=this_year")
    panel = page.locator("#panel-weekly-trend")
    panel.get_by_text("Show the data as a table").focus()
    page.keyboard.press("Enter")
    way = panel.get_by_role("link", name=TOLD)
    expect(way).to_be_visible()
    assert verdict(page) == {}
    way.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Anomalies")
    expect(page.locator("#listing-anomalies")).to_contain_text("10 Apr 2025")
    expect(page.locator("#listing-anomalies tbody")).not_to_contain_text("Jun 2025")
    page.set_viewport_size(PHONE)
    assert loose_ends(page) == []


def test_a_mark_in_the_chart_is_named_in_its_legend(visit: Visit) -> None:
    page = visit("/marketing/?period=this_year")
    panel = page.locator("#panel-weekly-trend")
    panel.locator(".chart").scroll_into_view_if_needed()
    expect(panel.locator("svg.main-svg").first).to_be_visible()
    expect(panel.locator(".legendtext", has_text="Unusual")).to_be_visible()


def test_what_is_unusual_is_watched_after_a_look_at_its_past(visit: Visit) -> None:
    page = visit("/alerts/new/")
    page.locator("#alert-metric").select_option("marketing-leads")
    page.locator("#alert-kind").select_option("odd")
    page.locator("#alert-limit").fill("5")
    page.locator("#alert-days").fill("90")
    page.get_by_role("button", name="See when it would have fired").click()
    expect(page.locator("#past")).to_contain_text("10 Apr 2025")
    assert verdict(page) == {}
    page.locator("#alert-name").fill("Odd leads")
    page.get_by_role("button", name="Watch it").click()
    expect(page.locator("#alerts")).to_contain_text("Odd leads")
    tasks.look_at_alerts()
    page.reload()
    told = page.locator("#inbox > .told > li").filter(has_text="Odd leads")
    expect(told).to_contain_text("Leads on ")
    told.get_by_role("link", name="See the figure").click()
    expect(page.locator("#listing-anomalies")).to_contain_text("10 Apr 2025")
