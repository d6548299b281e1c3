"""The Data page: its parts swap by themselves, and work without scripts all the same."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.reading import query, swap
from tests.browser.test_axe import verdict

LOADS = "#panel-data-loads"


def loaded(page: Page) -> list[str]:
    return page.locator(f"{LOADS} tbody th a").all_inner_texts()


def test_a_choice_narrows_the_loads_alone_and_keeps_the_focus(visit: Visit) -> None:
    page = visit("/data/")
    assert loaded(page) == ["marketing_channels", "benchmarks"]
    page.locator("#panel-data-work").evaluate("part => part.dataset.same = 'yes'")
    dataset = page.get_by_role("combobox", name="Dataset")
    dataset.focus()
    with swap(page, LOADS) as asked:
        dataset.select_option("benchmarks")
    assert len(asked) == 1
    assert loaded(page) == ["benchmarks"]
    assert query(page) == "dataset=benchmarks"
    expect(page.locator("#panel-data-work[data-same]")).to_be_visible()
    expect(dataset).to_be_focused()
    expect(page.locator("#live")).to_have_text("Loads 1 to 1 of 1.")


def test_a_choice_without_loads_offers_to_clear_it(visit: Visit) -> None:
    page = visit("/data/")
    with swap(page, LOADS):
        page.get_by_label("Only with refused rows").check()
    expect(page.locator(LOADS)).to_contain_text("No rows match these filters.")
    with swap(page, LOADS):
        page.get_by_role("link", name="Clear filters").click()
    expect(page).to_have_url("/data/")
    assert len(loaded(page)) == 2


def test_a_heading_sorts_and_back_brings_the_order_before(visit: Visit) -> None:
    page = visit("/data/")
    names = page.locator(LOADS).get_by_role("link", name="Dataset and file")
    with swap(page, LOADS):
        names.click()
    assert loaded(page) == ["benchmarks", "marketing_channels"]
    assert query(page) == "sort=dataset"
    expect(names).to_be_focused()
    page.go_back()
    expect(page).to_have_url("/data/")
    page.wait_for_load_state()
    expect(page.locator(LOADS).get_by_role("row").nth(1)).to_contain_text("marketing_channels")
    assert loaded(page) == ["marketing_channels", "benchmarks"]


def test_filters_of_the_pages_outlive_a_look_at_the_data(visit: Visit) -> None:
    page = visit("/marketing/?period=90d")
    with swap(page, "#main"):
        page.get_by_role("link", name="Data", exact=True).click()
    with swap(page, LOADS):
        page.get_by_role("combobox", name="Dataset").select_option("benchmarks")
    assert query(page) == "period=90d&dataset=benchmarks"
    with swap(page, "#main"):
        page.get_by_role("link", name="Marketing", exact=True).click()
    assert query(page) == "period=90d"


def test_a_load_and_a_check_keep_nobody_out(visit: Visit) -> None:
    page = visit("/data/")
    page.locator(LOADS).get_by_role("link", name="benchmarks").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("benchmarks")
    assert verdict(page) == {}
    page.locator("#page-head").get_by_role("link", name="Data").click()
    page.locator("#panel-data-quality summary").first.click()
    assert verdict(page, "#panel-data-quality") == {}


def test_without_scripts_loads_are_narrowed_with_a_button(visit: Visit) -> None:
    page = visit("/data/", java_script_enabled=False)
    page.get_by_role("combobox", name="Dataset").select_option("benchmarks")
    with page.expect_navigation():
        page.get_by_role("button", name="Apply").click()
    assert loaded(page) == ["benchmarks"]
    with page.expect_navigation():
        page.locator(LOADS).get_by_role("link", name="Refused", exact=True).click()
    expect(page.locator(f"{LOADS} [aria-sort]")).to_have_attribute("aria-sort", "descending")
    assert loaded(page) == ["benchmarks"]
