"""The palette: opened by key or by mouse, walked through by arrows, left where one wanted to go."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Visit
from tests.browser.reading import query, swap
from tests.browser.test_axe import verdict


def field(page: Page) -> Locator:
    """Where one types."""
    return page.get_by_role("dialog", name="Search").get_by_role("combobox")


def opened(page: Page, key: str = "/") -> Locator:
    """The palette, open, with something to choose from."""
    page.keyboard.press(key)
    expect(page.locator("#palette").get_by_role("option").first).to_be_visible()
    return field(page)


def chosen(page: Page) -> Locator:
    """The option that Enter would open."""
    return page.locator("#palette-hits [aria-selected=true]")


def looked_for(page: Page, text: str) -> None:
    """Type, and wait for what is found."""
    field(page).fill(text)
    expect(page.locator(f"#palette-hits[data-q='{text}']")).to_be_visible()


def test_it_opens_by_keys_and_by_mouse_and_closes_where_one_was(visit: Visit) -> None:
    page = visit()
    link = page.get_by_role("link", name="Glossary")
    link.focus()
    for key in ("/", "ControlOrMeta+k"):
        expect(opened(page, key)).to_be_focused()
        page.keyboard.press("Escape")
        expect(field(page)).to_be_hidden()
        expect(link).to_be_focused()
    page.get_by_role("link", name="Search", exact=True).click()
    expect(field(page)).to_be_focused()
    page.get_by_role("button", name="Close").click()
    expect(field(page)).to_be_hidden()
    page.get_by_role("link", name="Search", exact=True).click()
    expect(field(page)).to_be_focused()
    page.mouse.click(5, 5)
    expect(field(page)).to_be_hidden()


def test_the_key_with_control_works_while_one_types(visit: Visit) -> None:
    page = visit("/marketing/?period=custom&start=2025-06-01&end=2025-06-15")
    page.get_by_label("From", exact=True).focus()
    expect(opened(page, "ControlOrMeta+k")).to_be_focused()


def test_arrows_walk_and_the_field_says_where_one_is(visit: Visit) -> None:
    page = visit()
    typed = opened(page)
    first, count = (
        page.locator("#palette").get_by_role("option").first,
        page.locator("#palette").get_by_role("option").count(),
    )
    expect(chosen(page)).to_have_text(first.inner_text())
    expect(typed).to_have_attribute("aria-expanded", "true")
    for key, nth in (("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", count - 1), ("ArrowDown", 0)):
        page.keyboard.press(key)
        option = page.locator("#palette").get_by_role("option").nth(nth)
        expect(option).to_have_attribute("aria-selected", "true")
        expect(typed).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
        expect(typed).to_be_focused()


def test_enter_opens_the_page_in_place_with_the_filters_of_now(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    page.locator("#rail").evaluate("rail => rail.dataset.same = 'yes'")
    opened(page)
    looked_for(page, "gloss")
    with swap(page, "#main"):
        page.keyboard.press("Enter")
    assert (page.url.partition("?")[0].endswith("/glossary/"), query(page)) == (True, "segment=ENT")
    expect(page.locator("#rail[data-same]")).to_be_visible()
    expect(page.locator("#main")).to_be_focused()
    expect(field(page)).to_be_hidden()


def test_enter_does_not_wait_for_a_slow_answer(visit: Visit) -> None:
    page = visit()
    opened(page)
    field(page).press_sequentially("glossary", delay=5)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")


def test_a_figure_is_found_by_a_word_of_its_name_and_opened_by_mouse(visit: Visit) -> None:
    page = visit()
    opened(page)
    looked_for(page, "per lead")
    page.locator("#palette").get_by_role("option", name="Cost per lead").first.click()
    expect(field(page)).to_be_hidden()
    expect(page.locator("#main")).to_contain_text("Cost per lead")


def test_one_answer_for_a_word_typed_fast(visit: Visit) -> None:
    page = visit()
    opened(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    field(page).press_sequentially("marketing", delay=10)
    expect(page.locator("#palette-hits[data-q=marketing]")).to_be_visible()
    assert len([url for url in asked if "/palette/" in url]) <= 2


def test_nothing_found_says_so(visit: Visit) -> None:
    page = visit()
    opened(page)
    looked_for(page, "qqqq")
    expect(page.locator("#palette-hits")).to_contain_text("Nothing is called “qqqq”, or nearly so.")
    expect(page.locator("#palette-status")).to_have_text("Nothing found")
    expect(field(page)).to_have_attribute("aria-expanded", "false")


def test_it_keeps_nobody_out(visit: Visit) -> None:
    page = visit()
    opened(page)
    assert verdict(page, "#palette") == {}
    looked_for(page, "qqqq")
    assert verdict(page, "#palette") == {}


def test_it_is_at_hand_on_a_phone(visit: Visit) -> None:
    page = visit(viewport=PHONE)
    page.get_by_role("link", name="Search", exact=True).click()
    expect(page.locator("#palette").get_by_role("option").first).to_be_in_viewport()
    for option in page.locator("#palette").get_by_role("option").all():
        box = option.bounding_box()
        assert box
        assert box["height"] >= 44


def test_without_scripts_it_is_a_page_of_links(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_role("searchbox", name="Name, number or words of a note").fill("gloss")
    page.get_by_role("button", name="Search").click()
    page.locator("#main").get_by_role("link", name="Glossary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glossary")
