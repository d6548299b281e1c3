"""A deal's page in a browser: from deal to deal, its next step, notes and tasks in their place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visit
from tests.browser.reading import swap
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, loose_ends
from tests.browser.trouble import Trouble

pytestmark = pytest.mark.usefixtures("a_company")


def opened(visit: Visit) -> Page:
    """The first deal of the long table."""
    page = visit("/pipeline/?sort=deal_name")
    page.locator("#listing-deals tbody a[href^='/pipeline/deals/']").first.click()
    page.wait_for_url("**/pipeline/deals/**")  # whole: the keys are heard by its script
    expect(page.locator("#deal-steps")).to_contain_text("1 of")
    return page


def test_the_keys_go_on_to_the_next_deal_of_the_list_and_back(visit: Visit) -> None:
    page = opened(visit)
    first = page.locator("h1").inner_text()
    with swap(page, "#main"):
        page.keyboard.press("]")
    expect(page.locator("#deal-steps")).to_contain_text("2 of")
    expect(page.locator("h1")).not_to_have_text(first)
    with swap(page, "#main"):
        page.keyboard.press("[")
    expect(page.locator("h1")).to_have_text(first)
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#listing-deals")).to_be_visible()
    assert "sort=deal_name" in page.url


def test_the_next_step_is_edited_in_its_place(visit: Visit) -> None:
    page = opened(visit)
    page.keyboard.press("e")
    expect(page.locator("#next-text")).to_be_focused()
    page.keyboard.type("Send the offer")
    page.locator("#next-due").fill("2031-03-01")
    with swap(page, "#main"):
        page.keyboard.press("Enter")
    step = page.locator("#deal-next")
    expect(step).to_contain_text("Send the offer")
    expect(step).to_contain_text("1 Mar 2031")
    expect(page.locator("#next-step-edit")).to_be_focused()
    expect(page.locator("#timeline")).to_contain_text("Next step: nothing →")
    page.locator("#next-step-edit").click()
    with swap(page, "#main"):
        step.get_by_role("button", name="Take back").click()
    expect(page.locator("#deal-next")).not_to_contain_text("Send the offer")


def test_what_is_wrong_is_said_beside_what_was_typed(visit: Visit, trouble: Trouble) -> None:
    trouble.expect("422")
    page = opened(visit)
    page.keyboard.press("e")
    page.keyboard.type("Call")
    with swap(page, "#main"):
        page.locator("#deal-next").get_by_role("button", name="Save").click()
    expect(page.locator("#next-wrong")).to_contain_text("Give the day that it is due")
    expect(page.locator("#next-wrong")).to_be_focused()
    expect(page.locator("#next-text")).to_have_value("Call")
    assert verdict(page, "#deal-next", [DESK]) == {}


def test_a_note_and_a_task_are_added_without_leaving_the_page(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#note-body").fill("They <b>like</b> it")
    with swap(page, "#main"):
        page.get_by_role("button", name="Add note").click()
    expect(page.locator("#deal-notes")).to_contain_text("They <b>like</b> it")
    page.locator("#task-new-edit").click()
    page.locator("#task-new-title").fill("Ask about the budget")
    with swap(page, "#tasks"):
        page.get_by_role("button", name="Give task").click()
    expect(page.locator("#tasks")).to_contain_text("Ask about the budget")
    for summary in page.locator("#deal-notes summary, #tasks summary").all():
        summary.click()
    assert verdict(page) == {}
    page.locator("#rail .mine[href='/tasks/']").click()
    expect(page.locator("main")).to_contain_text("Ask about the budget")
    assert verdict(page) == {}
    page.locator(".tasks button", has_text="Done").click()
    expect(page.locator("main")).to_contain_text("Nothing is to be done.")


def test_nothing_is_cut_or_too_small_on_a_phone(visit: Visit) -> None:
    page = visit("/pipeline/deals/D1/", viewport=PHONE, has_touch=True)
    page.locator("#next-step-edit").click()
    page.locator("#task-new-edit").click()
    assert loose_ends(page) == []
    assert page.evaluate(SMALL, 44) == []


def test_a_deal_keeps_nobody_out(visit: Visit) -> None:
    assert verdict(visit("/pipeline/deals/D1/")) == {}


NOTES = (
    "End user not known. Next we show them all rooms.",
    "A risk is <b>the old</b> building. ISO certificate received.",
)


def test_what_the_notes_say_is_told_with_quotes_that_lead_to_them(visit: Visit) -> None:
    page = visit("/pipeline/deals/D1/")
    for text in NOTES:
        page.locator("#note-body").fill(text)
        with swap(page, "#main"):
            page.get_by_role("button", name="Add note").click()
    reading = page.locator("#deal-reading")
    expect(reading).to_contain_text("End user not settled")
    expect(reading).to_contain_text("ISO certificate received.")
    expect(reading.locator("blockquote").first).to_contain_text("End user not known.")
    expect(reading.locator("b")).to_have_count(0)
    reading.locator("summary").click()
    expect(reading).to_contain_text("what is denied, asked or supposed")
    assert verdict(page, "#deal-reading") == {}
    assert loose_ends(page) == []
    reading.get_by_role("link").first.click()
    expect(page.locator("#timeline li:target")).to_contain_text("End user not known.")


def test_the_notes_are_read_on_a_phone_and_without_scripts(visit: Visit) -> None:
    page = visit("/pipeline/deals/D1/", viewport=PHONE, has_touch=True)
    page.locator("#note-body").fill(NOTES[0])
    with swap(page, "#main"):
        page.get_by_role("button", name="Add note").click()
    page.locator("#deal-reading summary").click()
    assert loose_ends(page) == []
    assert page.evaluate(SMALL, 44) == []


def test_a_figure_is_explained_beside_the_page_with_its_rows(visit: Visit) -> None:
    page = visit("/pipeline/deals/D1/")
    where = page.url
    with swap(page, "#explain"):
        page.locator(".health-score a").click()
    beside = page.locator("#explain")
    expect(beside).to_contain_text("stage_velocity_points")
    expect(beside.locator("#table-rows tbody tr")).to_have_count(1)
    assert page.url == where
    assert verdict(page, "#explain", [DESK]) == {}
    with page.expect_download() as got:
        beside.get_by_role("link", name="CSV").click()
    assert got.value.suggested_filename.startswith("pipeline-deal-health-rows-")
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()


def test_a_note_on_an_account_is_added_pinned_and_contradicted(
    visit: Visit, trouble: Trouble
) -> None:
    trouble.expect("422")
    page = visit("/pipeline/deals/D1/")
    with page.expect_navigation():
        page.locator("#deal-facts a[href^='/accounts/']").click()
    notes = page.locator("#account-notes")
    notes.locator("#note-body").fill("They <b>moved</b>")
    with swap(page, "#account-notes"):
        notes.get_by_role("button", name="Add note").click()
    expect(notes).to_contain_text("They <b>moved</b>")
    notes.locator("summary").click()
    notes.locator("input[name=review]").fill("2031-03-01")
    stale = notes.locator("form").first.evaluate("form => form.elements.seen.value")
    with swap(page, "#account-notes"):
        notes.get_by_role("button", name="Pin", exact=True).click()
    expect(notes).to_contain_text("to be reviewed on 1 Mar 2031")
    notes.locator("summary").click()
    notes.locator("form").first.evaluate("(form, seen) => form.elements.seen.value = seen", stale)
    notes.locator("textarea[name=body]").first.fill("Mine")
    with swap(page, "#account-notes"):
        notes.get_by_role("button", name="Save").click()
    expect(page.locator("#note-wrong")).to_be_focused()
    expect(notes).to_contain_text("You wrote")
    assert verdict(page, "#account-notes", [DESK]) == {}
    with swap(page, "#account-notes"):
        notes.get_by_role("button", name="Keep mine").click()
    expect(notes).to_contain_text("Mine")
    assert verdict(page) == {}
    assert loose_ends(page) == []
