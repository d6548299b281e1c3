"""One address, one picture: back and forward, after a reload, and for whoever gets the link."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.reading import figures, period, query, swap


def picture(page: Page) -> list[str]:
    """What there is to see: the figures, the chips and what the filters say."""
    chosen = page.locator("#filters option:checked").all_text_contents()
    said = page.locator("#filters .chosen, .chips li").all_text_contents()
    return [page.title(), *chosen, *said, *figures(page)]


def step(page: Page, way: str) -> None:
    with swap(page):
        page.go_back() if way == "back" else page.go_forward()


def test_back_forward_and_reload_show_what_was_there(visit: Visit) -> None:
    page = visit()
    seen = [picture(page)]
    with swap(page):
        period(page).select_option(label="Last 30 days")
    seen.append(picture(page))
    page.locator("#filters summary", has_text="Segment: ").click()
    with swap(page):
        page.get_by_role("checkbox", name="ENT").check()
    seen.append(picture(page))
    assert seen[0] != seen[1] != seen[2]

    for way, expected in (("back", 1), ("back", 0), ("forward", 1), ("forward", 2)):
        step(page, way)
        assert picture(page) == seen[expected], way
    page.reload()
    assert picture(page) == seen[2]


def test_back_leads_over_pages_of_the_rail_too(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    before = picture(page)
    with swap(page, "#main"):
        page.get_by_role("link", name="Glossary").click()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing")
    expect(page.locator("#panels")).to_be_visible()
    assert picture(page) == before
    expect(page.locator("#rail [aria-current]")).to_have_text("Marketing")


def test_a_shared_link_shows_another_person_the_same(visit: Visit) -> None:
    mine = visit()
    mine.locator("#filters summary", has_text="Channel: ").click()
    with swap(mine):
        mine.get_by_role("checkbox", name="Google Ads").check()
    with swap(mine):
        period(mine).select_option(label="Last 30 days")
    theirs = visit(mine.url, "vi")
    assert picture(theirs) == picture(mine)


def test_an_address_opened_in_a_new_tab_shows_the_same(visit: Visit) -> None:
    page = visit("/marketing/?period=30d")
    with swap(page, "#table-channel-performance"):
        page.get_by_role("link", name="Leads", exact=True).click()
    other = page.context.new_page()
    other.goto(page.url)
    assert picture(other) == picture(page)


def test_who_goes_back_again_while_the_page_comes_sees_what_the_address_says(visit: Visit) -> None:
    page = visit()
    first = picture(page)
    for label in ("Last 30 days", "Last 90 days"):
        with swap(page):
            period(page).select_option(label=label)
    held: list[Route] = []
    page.route("**/htmx.min.js", lambda one: one.continue_() if held else held.append(one))
    with page.expect_request("**/htmx.min.js"):
        page.go_back(wait_until="commit")
    expect(page.locator("#panels .kpi").first).to_be_visible()
    page.go_back(wait_until="commit")
    held[0].continue_()
    expect(period(page)).to_have_value("365d")
    page.wait_for_load_state()
    assert query(page) == ""
    assert picture(page) == first
