"""Tables: their order, and their files."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.conftest import Visit
from tests.browser.reading import period, query, swap

TABLE = "#table-channel-performance"


def channels(page: Page) -> list[str]:
    return page.locator(f"{TABLE} tbody th").all_inner_texts()


def test_a_click_on_a_heading_sorts_and_swaps_the_table_alone(visit: Visit) -> None:
    page = visit()
    assert channels(page) == ["LinkedIn", "Google Ads", "Organic Search"]
    page.locator("#panels").evaluate("panels => panels.dataset.same = 'yes'")
    leads = page.locator(TABLE).get_by_role("link", name="Leads", exact=True)
    with swap(page, TABLE) as asked:
        leads.click()
    assert len(asked) == 1
    assert channels(page) == ["Google Ads", "Organic Search", "LinkedIn"]
    expect(page.locator("#panels[data-same]")).to_be_visible()
    expect(page.locator(f"{TABLE} [aria-sort]")).to_have_attribute("aria-sort", "descending")
    expect(leads).to_be_focused()
    expect(page.locator("#live")).to_contain_text("Sorted by Leads, descending.")
    assert query(page) == "sort=-leads"
    with swap(page, TABLE):
        leads.click()
    assert channels(page) == ["LinkedIn", "Organic Search", "Google Ads"]
    expect(page.locator(f"{TABLE} [aria-sort]")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#live")).to_contain_text("Sorted by Leads, ascending.")


def test_the_order_outlives_a_change_of_filters(visit: Visit) -> None:
    page = visit("/marketing/?sort=-leads")
    with swap(page):
        period(page).select_option(label="All time")
    assert query(page) == "period=all&sort=-leads"
    assert channels(page) == ["Google Ads", "Organic Search", "LinkedIn"]


def test_a_channel_leads_to_its_page(visit: Visit) -> None:
    page = visit("/marketing/?segment=ENT")
    page.locator(TABLE).get_by_role("link", name="LinkedIn").click()
    expect(page).to_have_url("/marketing/channels/LinkedIn/?segment=ENT")
    expect(page.get_by_role("heading", level=1)).to_have_text("LinkedIn")


def test_a_row_behind_a_chart_narrows_the_page_to_itself(visit: Visit) -> None:
    page = visit()
    panel = page.locator("#panel-roi-by-channel")
    panel.get_by_text("Show the data as a table").click()
    with page.expect_navigation():
        panel.get_by_role("link", name="LinkedIn").click()
    expect(page).to_have_url("/marketing/?channel=LinkedIn")
    assert channels(page) == ["LinkedIn"]


def test_the_table_behind_a_chart_opens(visit: Visit) -> None:
    page = visit()
    funnel = page.locator("#panel-funnel")
    expect(funnel.get_by_role("table")).to_be_hidden()
    funnel.get_by_text("Show the data as a table").click()
    expect(funnel.get_by_role("rowheader", name="Leads", exact=True)).to_be_visible()


def rows(download: Download, folder: Path, kind: str) -> list[list[str]]:
    path = folder / download.suggested_filename
    download.save_as(path)
    if kind == "csv":
        return list(csv.reader(path.read_text().splitlines()))
    if kind == "json":
        held = json.loads(path.read_text())
        return [held["columns"], *(list(row.values()) for row in held["rows"])]
    sheet = openpyxl.load_workbook(BytesIO(path.read_bytes())).worksheets[0]
    return [list(map(str, row)) for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_a_file_holds_the_rows_that_the_filter_leaves(
    visit: Visit, tmp_path: Path, kind: str
) -> None:
    page = visit("/marketing/?segment=SMB&segment=MM")
    panel = page.locator("#panel-channel-performance")
    with page.expect_download() as started:
        panel.get_by_role("link", name=kind.upper()).click()
    name = started.value.suggested_filename
    assert name == f"marketing-channel-performance-20250630.{kind}"
    written = rows(started.value, tmp_path, kind)
    assert written[0][:3] == ["channel", "spend", "spend_share"]
    assert [row[0] for row in written[1:]] == channels(page) == ["Google Ads", "Organic Search"]


def test_a_file_follows_the_filter_that_was_swapped_in(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    page.locator("#filters summary", has_text="Segment: ").click()
    with swap(page):
        page.get_by_role("checkbox", name="ENT").check()
    page.keyboard.press("Escape")
    with page.expect_download() as started:
        page.locator("#panel-channel-performance").get_by_role("link", name="CSV").click()
    assert [row[0] for row in rows(started.value, tmp_path, "csv")[1:]] == ["LinkedIn"]
