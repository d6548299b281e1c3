"""When something fails: what was there stays, with a word about it and a way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import world
from tests.browser.conftest import Visit
from tests.browser.reading import figures, period, swap
from tests.browser.test_login import sign_in
from tests.browser.trouble import Trouble

FRAGMENTS = "**/marketing/?*"


def fail_with(page: Page, status: int) -> None:
    page.route(FRAGMENTS, lambda route: route.fulfill(status=status, body="<h1>Broken</h1>"))


@pytest.mark.parametrize("status", [500, 503])
def test_a_failing_server_leaves_the_figures_and_a_retry_brings_the_new_ones(
    visit: Visit, trouble: Trouble, status: int
) -> None:
    trouble.expect(str(status))
    page = visit()
    before = figures(page)
    fail_with(page, status)
    period(page).select_option(label="Last 30 days")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text(f"Could not load ({status}). The figures shown are of 30 Jun")
    assert figures(page) == before
    expect(page.get_by_text("Broken")).to_have_count(0)
    expect(page).to_have_url("/marketing/")

    page.unroute(FRAGMENTS)
    with swap(page):
        banner.get_by_role("button", name="Retry").click()
    expect(banner).to_be_hidden()
    assert figures(page) != before
    expect(page).to_have_url("/marketing/?period=30d")


def test_without_a_connection_the_figures_stay_until_it_is_back(
    visit: Visit, trouble: Trouble
) -> None:
    trouble.expect("ERR_INTERNET_DISCONNECTED|htmx:sendError")
    page = visit()
    before = figures(page)
    page.context.set_offline(True)
    period(page).select_option(label="Last 30 days")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Could not load (no connection).")
    assert figures(page) == before
    page.context.set_offline(False)
    with swap(page):
        banner.get_by_role("button", name="Retry").click()
    expect(banner).to_be_hidden()
    expect(page).to_have_url("/marketing/?period=30d")


def test_an_answer_that_does_not_come_is_given_up(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("htmx:timeout")
    page = visit()
    page.route(FRAGMENTS, lambda route: None)
    page.evaluate("htmx.config.timeout = 200")
    period(page).select_option(label="Last 30 days")
    expect(page.get_by_role("alert")).to_contain_text("Could not load (no answer in time).")
    expect(page.locator("#panels")).not_to_have_attribute("aria-busy", "true")


def test_a_link_of_the_rail_that_fails_can_be_tried_again(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("503")
    page = visit()
    page.route("**/glossary/", lambda route: route.fulfill(status=503))
    page.get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("alert")).to_contain_text("Could not load (503).")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing")
    page.unroute("**/glossary/")
    with swap(page, "#main"):
        page.get_by_role("button", name="Retry").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


def test_an_ended_session_leads_to_the_door_and_back_to_the_same_filters(visit: Visit) -> None:
    page = visit("/marketing/?segment=SMB")
    world.end_all_sessions()
    period(page).select_option(label="Last 30 days")
    expect(page).to_have_title("Sign in · RevOps Control Center")
    sign_in(page, "dee")
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing")
    expect(period(page)).to_have_value("30d")
    expect(page.get_by_role("link", name="Segment: SMB")).to_be_visible()


def test_an_ended_session_leads_back_to_the_page_whose_table_was_sorted(visit: Visit) -> None:
    page = visit("/marketing/?segment=SMB")
    world.end_all_sessions()
    page.locator("#table-channel-performance").get_by_role("link", name="Leads").click()
    expect(page).to_have_title("Sign in · RevOps Control Center")
    sign_in(page, "dee")
    expect(page).to_have_url("/marketing/?segment=SMB")


def test_a_wrong_address_says_so_and_leads_home(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("404")
    page = visit("/nowhere/")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    page.get_by_role("link", name="Go to the dashboard").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_before_anything_is_loaded_the_page_says_what_it_needs(
    nothing_loaded: None, visit: Visit
) -> None:
    page = visit()
    expect(page.locator("#page-head")).to_contain_text("No data yet")
    expect(page.get_by_text("Nothing here yet.").first).to_be_visible()
    expect(page.locator("#panels")).to_contain_text("a file of marketing_channels")
    expect(page.locator(".chart")).to_have_count(0)
