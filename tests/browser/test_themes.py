"""Themes: worn at once, without asking for the page, and remembered."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_login import sign_in

BACKGROUND = "getComputedStyle(document.body).backgroundColor"
MIDNIGHT, LUMA, NEON = "rgb(11, 16, 32)", "rgb(244, 246, 250)", "rgb(8, 8, 15)"


def choose(page: Page, theme: str) -> None:
    page.locator("#user-menu summary").click()
    with page.expect_response("**/accounts/theme/"):
        page.get_by_role("button", name=theme).click()
    page.keyboard.press("Escape")


def line_of_the_trend(page: Page) -> tuple[Locator, str]:
    """The first line of a chart, and the colour that it has now."""
    line = page.locator("#panel-weekly-trend .scatterlayer .js-line").first
    line.scroll_into_view_if_needed()
    return line, str(line.evaluate("line => getComputedStyle(line).stroke"))


def test_another_theme_repaints_page_and_charts_and_asks_for_neither(visit: Visit) -> None:
    page = visit(color_scheme="light")
    assert page.evaluate(BACKGROUND) == LUMA
    line, before = line_of_the_trend(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    choose(page, "Neon")
    assert page.evaluate(BACKGROUND) == NEON
    expect(line).not_to_have_css("stroke", before)
    assert [one for one in asked if not one.endswith(("POST", "/accounts/theme/"))] == []
    expect(page.locator("#live")).to_have_text("Theme: Neon")


def test_a_theme_is_kept_over_a_reload_and_for_the_next_login(visit: Visit) -> None:
    page = visit()
    choose(page, "Neon")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "neon")
    page.locator("#user-menu summary").click()
    expect(page.get_by_role("button", name="Neon")).to_have_attribute("aria-pressed", "true")

    elsewhere = visit("/", who=None)
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", "")
    sign_in(elsewhere, "dee")
    expect(elsewhere.locator("#main")).to_be_visible()
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", "neon")


def test_after_signing_out_the_door_wears_the_same_theme(visit: Visit) -> None:
    page = visit()
    choose(page, "Midnight")
    page.context.clear_cookies(name="sessionid")
    page.goto("/")
    expect(page).to_have_title("Sign in · RevOps Control Center")
    expect(page.locator("html")).to_have_attribute("data-theme", "midnight")


def test_without_a_choice_the_system_decides(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    assert page.evaluate(BACKGROUND) == MIDNIGHT
    line, before = line_of_the_trend(page)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(BACKGROUND) == LUMA
    expect(line).not_to_have_css("stroke", before)


def test_little_moves_for_whom_movement_is_too_much(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    moving = page.locator("#rail, #rail *, #main, #main *").evaluate_all(
        """all => all.filter(one => {
            const { transitionDuration, animationName } = getComputedStyle(one);
            return transitionDuration !== "0s" || animationName !== "none";
        }).map(one => one.className)"""
    )
    assert moving == []


def test_forced_colours_keep_what_says_where_one_is(visit: Visit) -> None:
    page = visit(forced_colors="active")
    mark = page.locator("#rail [aria-current]").evaluate(
        "entry => getComputedStyle(entry, '::before').backgroundColor"
    )
    plain = page.locator("#rail").evaluate("rail => getComputedStyle(rail).backgroundColor")
    assert mark != plain
    expect(page.locator(".spark .line").first).to_be_visible()
