"""Changing a filter: one request, new panels in the old place, and an address that says it all."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.reading import figures, period, query, swap


def open_pick(page: Page, label: str) -> None:
    page.locator("#filters summary", has_text=f"{label}: ").click()


def test_a_change_asks_once_and_swaps_only_the_panels(visit: Visit) -> None:
    page = visit()
    before = figures(page)
    page.locator("#rail").evaluate("rail => rail.dataset.same = 'yes'")
    page.locator("#filters").evaluate("form => form.dataset.same = 'yes'")
    with swap(page) as asked:
        period(page).select_option(label="Last 30 days")
    assert len(asked) == 1
    assert "period=30d" in asked[0].url
    assert figures(page) != before
    expect(page.locator("#rail[data-same]")).to_be_visible()
    expect(page.locator("#filters[data-same]")).to_be_visible()


def test_a_change_keeps_the_focus_and_is_announced(visit: Visit) -> None:
    page = visit()
    period(page).focus()
    with swap(page):
        period(page).select_option(label="Last 30 days")
    expect(period(page)).to_be_focused()
    expect(page.locator("#live")).to_have_text(
        re.compile("^Marketing updated: 1 Jun 2025 to 30 Jun 2025")
    )


def test_the_address_says_only_what_differs_from_the_default(visit: Visit) -> None:
    page = visit()
    with swap(page):
        period(page).select_option(label="Last 30 days")
    assert query(page) == "period=30d"
    with swap(page):
        page.get_by_role("combobox", name="Compare with").select_option(label="No comparison")
    assert query(page) == "period=30d&compare=none"
    with swap(page):
        period(page).select_option(label="Last 365 days")
    with swap(page):
        page.get_by_role("combobox", name="Compare with").select_option(label="Previous period")
    expect(page).to_have_url("/marketing/")


def test_several_values_of_one_filter_can_be_picked(visit: Visit) -> None:
    page = visit()
    open_pick(page, "Segment")
    for nth, name in enumerate(["SMB", "ENT"], start=1):
        choice = page.get_by_role("checkbox", name=name)
        with swap(page) as asked:
            choice.check()
        assert len(asked) == 1
        expect(choice).to_be_focused()
        expect(
            page.get_by_role("list", name="Active filters").get_by_role("listitem")
        ).to_have_count(nth + 1)
    assert query(page) == "segment=ENT&segment=SMB"
    expect(page.locator("#filters summary", has_text="Segment: ")).to_contain_text("2 chosen")
    with swap(page):
        page.get_by_role("checkbox", name="SMB").uncheck()
    assert query(page) == "segment=ENT"
    expect(page.locator("#filters summary", has_text="Segment: ")).to_contain_text("ENT")


def test_an_open_pick_closes_by_a_click_beside_it(visit: Visit) -> None:
    page = visit()
    open_pick(page, "Channel")
    expect(page.get_by_role("checkbox", name="LinkedIn")).to_be_visible()
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_role("checkbox", name="LinkedIn")).to_be_hidden()


def test_dates_of_ones_own_start_from_the_days_that_are_shown(visit: Visit) -> None:
    page = visit()
    first, last = (page.get_by_label(name, exact=True) for name in ("From", "To"))
    expect(first).to_be_hidden()
    with swap(page):
        period(page).select_option(label="Custom dates")
    expect(first).to_have_value("2024-07-01")
    expect(last).to_have_value("2025-06-30")
    for control, day in ((first, "2025-06-01"), (last, "2025-06-15")):
        with swap(page) as asked:
            control.fill(day)
        assert len(asked) == 1
        expect(control).to_be_focused()
    assert query(page) == "period=custom&start=2025-06-01&end=2025-06-15"
    expect(page.locator("#live")).to_contain_text("1 Jun 2025 to 15 Jun 2025")


def test_half_of_a_pair_of_dates_asks_for_nothing(visit: Visit) -> None:
    page = visit("/marketing/?period=custom&start=2025-06-01&end=2025-06-15")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label("From", exact=True).fill("")
    page.wait_for_timeout(200)
    assert not [url for url in asked if "/marketing/" in url]


def test_a_newer_choice_replaces_the_older_request(visit: Visit) -> None:
    page = visit()
    with swap(page):
        period(page).select_option(label="Last 30 days")
        period(page).select_option(label="Last 90 days")
    expect(page).to_have_url("/marketing/?period=90d")
    expect(page.locator("#banner")).to_be_hidden()
    shown = figures(page)
    page.reload()
    assert figures(page) == shown


def test_chips_take_filters_away(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT&segment=SMB&channel=LinkedIn")
    with swap(page, "#main") as asked:
        page.get_by_role("link", name="Segment: ENT").click()
    assert len(asked) == 1
    assert query(page) == "segment=SMB&channel=LinkedIn"
    expect(page.locator("#filters summary", has_text="Segment: ")).to_contain_text("SMB")
    expect(page.get_by_role("link", name="Segment: SMB")).to_be_focused()
    with swap(page, "#main"):
        page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url("/marketing/")
    expect(period(page)).to_be_focused()
    expect(page.get_by_role("list", name="Active filters")).to_have_count(0)


def test_where_nothing_matches_one_click_clears_the_filters(visit: Visit) -> None:
    page = visit("/marketing/?channel=Organic+Search&segment=ENT")
    expect(page.get_by_text("No rows match these filters.").first).to_be_visible()
    with swap(page, "#main"):
        page.get_by_role("link", name="Clear filters").first.click()
    expect(page).to_have_url("/marketing/")
    expect(page.get_by_text("No rows match these filters.")).to_have_count(0)


def test_what_of_an_address_cannot_be_used_is_said(visit: Visit) -> None:
    page = visit("/marketing/?period=soon&channel=Smoke+signals")
    notice = page.locator("#panels .notice")
    expect(notice).to_contain_text("Period “soon” is unknown; showing the default.")
    expect(notice).to_contain_text("Channel “Smoke signals” is unknown; it was left out.")
