"""Charts: drawn when they come into view, drawn anew after a swap, and gone when they are gone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.reading import period, swap
from tests.browser.trouble import Trouble

LOW = {"width": 1280, "height": 320}


def draw_all(page: Page) -> int:
    """Scroll by every chart; the number of charts, each of which holds a drawing then."""
    charts = page.locator(".chart")
    for chart in charts.all():
        chart.scroll_into_view_if_needed()
        expect(chart.locator("svg.main-svg").first).to_be_visible()
    return charts.count()


def test_every_chart_is_drawn_and_drawn_anew_after_a_swap(visit: Visit) -> None:
    page = visit()
    assert draw_all(page) == 6
    expect(page.locator(".chart.failed")).to_have_count(0)
    with swap(page):
        period(page).select_option(label="Last 30 days")
    assert draw_all(page) == 6
    expect(page.locator(".js-plotly-plot")).to_have_count(6)


def test_nothing_of_a_chart_is_left_when_its_panel_goes(visit: Visit) -> None:
    page = visit()
    draw_all(page)
    gone = page.locator(".chart").first.element_handle()
    assert gone.evaluate("chart => chart._fullLayout !== undefined")
    with swap(page):
        period(page).select_option(label="Last 30 days")
    assert gone.evaluate("chart => !chart.isConnected && chart._fullLayout === undefined")
    strays = page.locator("svg.main-svg:not(.chart svg), .hoverlayer:not(.chart *)")
    expect(strays).to_have_count(0)


def test_the_library_is_asked_for_when_a_chart_is_near(visit: Visit) -> None:
    page = visit("/glossary/", viewport=LOW)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with swap(page, "#main"):
        page.get_by_role("link", name="Marketing").click()
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "plotly" in url]
    with page.expect_response("**/plotly.min*.js"):
        page.locator(".chart").first.scroll_into_view_if_needed()
    expect(page.locator(".chart svg.main-svg").first).to_be_visible()


def test_every_chart_has_a_name_a_date_and_its_table(visit: Visit) -> None:
    page = visit()
    for panel in page.locator(".panel:has(.chart)").all():
        title = panel.get_by_role("heading", level=2).inner_text()
        expect(panel.locator(".chart")).to_have_attribute(
            "aria-label", re.compile(re.escape(title))
        )
        expect(panel.locator(".source time")).to_have_attribute("datetime", "2025-06-30")
        panel.get_by_text("Show the data as a table").click()
        expect(panel.get_by_role("table")).to_be_visible()


def test_where_the_library_does_not_come_the_table_opens_instead(
    visit: Visit, trouble: Trouble
) -> None:
    trouble.expect(r"plotly\.min")
    page = visit("/glossary/")
    page.route("**/plotly.min*.js", lambda route: route.abort())
    page.goto("/marketing/")
    trend = page.locator("#panel-weekly-trend")
    trend.scroll_into_view_if_needed()
    expect(trend.get_by_text("The chart could not be drawn.")).to_be_visible()
    expect(trend.get_by_role("table")).to_be_visible()
