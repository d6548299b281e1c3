"""Without a mouse: every control is reached, seen while it has the focus, and left again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import period, query, swap

# A radio group or a date field takes several presses; nothing here takes more than four.
MOST_PRESSES = 4
CONTROLS = """() => {
  const all = [...document.querySelectorAll(
    "a[href], button, select, summary, input:not([type=hidden]), [tabindex='0']"
  )].filter(one => one.checkVisibility() && !one.disabled);
  all.forEach((one, nth) => one.dataset.nth = nth);
  return all.length;
}"""
HERE = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const { top, bottom, left, right } = one.getBoundingClientRect();
  const seen = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  const middle = document.elementFromPoint(
    Math.min(Math.max((left + right) / 2, 1), innerWidth - 1),
    Math.min(Math.max((top + bottom) / 2, 1), innerHeight - 1));
  return {
    nth: one.dataset.nth, html: one.outerHTML.slice(0, 100), seen,
    ring: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    covered: !!middle && !one.contains(middle) && !middle.contains(one),
  };
}"""


def faults(page: Page) -> list[str]:
    """What is wrong with the control that has the focus; it has a second to scroll into view."""
    found: list[str] = []
    for _ in range(10):
        here = page.evaluate(HERE)
        judged = {"not in view": not here["seen"], "no ring": not here["ring"]}
        judged["covered"] = here["covered"]
        found = [f"{what}: {here['html']}" for what, is_so in judged.items() if is_so]
        if not found:
            break
        page.wait_for_timeout(100)
    return found


def walk(page: Page) -> tuple[set[str], list[str]]:
    """Tab through the page; the controls that were reached, and what was wrong with some."""
    count = page.evaluate(CONTROLS)
    reached: set[str] = set()
    wrong: list[str] = []
    for _ in range(count * MOST_PRESSES):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            break
        if here["nth"] is not None and here["nth"] not in reached:
            reached.add(here["nth"])
            wrong += faults(page)
    else:
        wrong.append("the end of the page was never reached")
    missed = page.locator("[data-nth]").evaluate_all(
        "(all, reached) => all.filter(one => !reached.includes(one.dataset.nth))"
        ".map(one => one.outerHTML.slice(0, 100))",
        list(reached),
    )
    return reached, [*wrong, *(f"not reached: {html}" for html in missed)]


@pytest.mark.parametrize(
    "address", ["/marketing/?segment=ENT", "/glossary/", "/data/", "/accounts/profile/"]
)
def test_tab_reaches_every_control_in_a_visible_ring(visit: Visit, address: str) -> None:
    reached, wrong = walk(visit(address))
    assert wrong == []
    assert len(reached) >= 5


def test_tab_reaches_every_control_on_a_small_screen(visit: Visit) -> None:
    assert walk(visit("/marketing/?segment=ENT", viewport=PHONE))[1] == []


def test_tab_goes_through_the_door_too(visit: Visit) -> None:
    assert walk(visit("/accounts/login/", who=None))[1] == []


def test_the_first_stop_skips_to_the_content(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#main :focus")).to_have_count(1)


def test_a_pick_opens_chooses_and_closes_by_keys(visit: Visit) -> None:
    page = visit()
    opener = page.locator("#filters summary", has_text="Channel: ")
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("channel="))
    page.keyboard.press("Escape")
    expect(page.locator("#pick-channel")).not_to_have_attribute("open", "")
    expect(opener).to_be_focused()


def test_f_goes_to_the_filters(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("f")
    expect(page.get_by_role("combobox", name="Period", exact=True)).to_be_focused()


def test_t_takes_the_next_theme(visit: Visit) -> None:
    page = visit()
    with page.expect_response("**/accounts/theme/"):
        page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "midnight")
    expect(page.locator("#live")).to_have_text("Theme: Midnight")


def test_g_and_a_letter_go_to_a_page_with_the_filters_of_now(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    for letter, title in (("d", "Data"), ("g", "Glossary"), ("m", "Marketing")):
        with swap(page, "#main"):
            page.keyboard.press("g")
            page.keyboard.press(letter)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        assert "segment=ENT" in query(page)


def test_g_leads_nowhere_that_one_may_not_go(visit: Visit) -> None:
    page = visit("/glossary/", "ana")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for key in ("g", "d", "g", "Escape", "m", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert asked == []
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


def test_j_and_k_walk_the_rows_in_a_visible_ring_and_enter_opens(visit: Visit) -> None:
    page = visit()
    rows = page.locator("#table-channel-performance tbody tr")
    for key, nth in (("j", 0), ("j", 1), ("j", 2), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(nth)).to_be_focused()
        assert faults(page) == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/marketing/channels/"))


def test_brackets_go_to_the_period_before_and_back_as_the_arrows_do(visit: Visit) -> None:
    page = visit("/marketing/?period=this_month")
    with swap(page, "#main"):
        page.keyboard.press("[")
    assert query(page) == "period=last_month"
    expect(period(page)).to_have_value("last_month")
    expect(page.get_by_role("link", name="Next period")).to_be_focused()
    with swap(page, "#main"):
        page.get_by_role("link", name="Next period").click()
    assert query(page) == "period=this_month"
    page.keyboard.press("]")
    expect(page.get_by_role("link", name="Next period")).to_have_count(0)
    assert query(page) == "period=this_month"


def test_x_takes_the_comparison_away_and_brings_it_back(visit: Visit) -> None:
    page = visit("/marketing/?compare=year")
    for state in ("compare=none", "compare=year"):
        with swap(page):
            page.keyboard.press("x")
        assert query(page) == state
    expect(page.locator("#live")).to_contain_text("Marketing updated")


def test_a_question_mark_lists_the_keys_and_escape_closes_them(visit: Visit) -> None:
    page = visit()
    page.get_by_role("link", name="Glossary").focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(page.get_by_role("link", name="Glossary")).to_be_focused()


def test_the_list_of_keys_opens_by_mouse_too(visit: Visit) -> None:
    page = visit()
    page.locator("#user-menu summary").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_letters_typed_into_a_field_are_no_shortcuts(visit: Visit) -> None:
    page = visit("/marketing/?period=custom&start=2025-06-01&end=2025-06-15")
    page.get_by_label("From", exact=True).focus()
    for key in ("t", "f", "?", "/", "j", "[", "x", "g", "g"):
        page.keyboard.press(key)
    expect(page.get_by_label("From", exact=True)).to_be_focused()
    expect(page.locator("html")).to_have_attribute("data-theme", "")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_single_keys_can_be_turned_off_and_stay_off(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("?")
    page.get_by_label("Use single-key shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()
    for key in ("t", "?", "/", "j", "[", "x", "g", "g"):
        page.keyboard.press(key)
    expect(page.locator("html")).to_have_attribute("data-theme", "")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("tr:focus")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Marketing")
