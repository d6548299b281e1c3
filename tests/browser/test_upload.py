"""A file in the browser from first to last: sent, looked at, imported, mended, undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from procrastinate.contrib.django.models import ProcrastinateJob

from insights.actions import uploads as actions
from insights.tasks import work_on_upload
from pipeline.models import Deal
from tests.browser import world
from tests.browser.conftest import PHONE, Visit
from tests.browser.test_axe import verdict
from tests.browser.test_widths import SMALL, WIDTHS, loose_ends
from tests.browser.trouble import Trouble

HEADER = "Opportunity ID;Opportunity;Account;Owner;Stage;Amount;Created;Status"
ROW = "D-{0};Deal {0};Kestrel;Ana Almeida;Discovery;{0}.500,25;31.03.2026;open"
BAD = {7: "much", 8: "more", 30: "most"}


@pytest.fixture(autouse=True)
def sending(site: str, settings: Any, tmp_path: Path) -> Iterator[None]:
    """A folder for what is sent; afterwards the house is as it was."""
    settings.UPLOADS = tmp_path / "uploads"
    yield
    world.clear()
    (tmp_path / "again").mkdir()
    world.fill(tmp_path / "again")


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    """50 deals as a stranger would write them, of which 3 have no amount that is a number."""
    rows = [ROW.format(n) for n in range(1, 51)]
    for n, word in BAD.items():
        rows[n] = rows[n].replace(f"{n + 1}.500,25", word)
    path = tmp_path / "deals.csv"
    path.write_text("\n".join([HEADER, *rows, ""]))
    return path


def send(page: Page, path: Path) -> None:
    page.get_by_label("A table as CSV").set_input_files(path)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/data/upload/*/")


def work() -> None:
    """Do what the background was asked for."""
    for job in ProcrastinateJob.objects.filter(task_name=actions.TASK).order_by("id"):
        work_on_upload(**job.args)


def fact(page: Page, name: str) -> str:
    facts = page.locator("#upload-state dl > div")
    return facts.filter(has=page.get_by_text(name, exact=True)).locator("dd").inner_text()


def test_fifty_rows_of_which_three_are_mended_and_all_undone(
    visit: Visit, deals: Path, tmp_path: Path
) -> None:
    page = visit("/data/")
    page.get_by_role("link", name="Upload a file").click()
    send(page, deals)
    assert (fact(page, "Rows ok"), fact(page, "Refused")) == ("47", "3")
    expect(page.locator("#table-preview")).to_contain_text("is not a number")
    assert page.locator("#table-preview tbody tr").count() == 20
    page.get_by_role("button", name="Import 47 rows").click()
    expect(page.locator("#upload-state")).to_contain_text("Waiting for import")
    work()
    expect(page.locator("#upload-state")).to_contain_text("Imported")
    assert (fact(page, "New"), fact(page, "Refused")) == ("47", "3")
    with page.expect_download() as download:
        page.get_by_role("link", name="Refused rows to mend").click()
    mended = tmp_path / "mended.csv"
    text = Path(download.value.path()).read_text()
    assert "refused because" in text
    for n, word in BAD.items():
        text = text.replace(f",{word},", f',"{n + 1}.500,25",')
    mended.write_text(text)
    page.get_by_role("link", name="Upload another file").click()
    send(page, mended)
    page.get_by_role("button", name="Import 3 rows").click()
    work()
    expect(page.locator("#upload-state")).to_contain_text("Imported")
    assert Deal.objects.count() == 50
    page.get_by_text("Undo this import").click()
    page.get_by_label("Yes, take these rows out again").check()
    page.get_by_role("button", name="Undo", exact=True).click()
    work()
    expect(page.locator("#upload-state")).to_contain_text("Undone")
    assert Deal.objects.count() == 47


def test_nobody_asks_for_what_nobody_can_see(visit: Visit, deals: Path) -> None:
    page = visit("/data/upload/")
    send(page, deals)
    page.get_by_role("button", name="Import 47 rows").click()
    expect(page.locator("#upload-state")).to_contain_text("Waiting for import")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/state/" in one.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {configurable: true, value: true})")
    page.wait_for_timeout(4_500)
    assert asked == []
    work()
    page.evaluate("""() => {
      delete document.hidden;
      document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(page.locator("#upload-state")).to_contain_text("Imported", timeout=1_500)
    assert len(asked) == 1


def test_without_scripts_a_file_is_sent_mapped_and_imported(visit: Visit, deals: Path) -> None:
    page = visit("/data/upload/", java_script_enabled=False)
    send(page, deals)
    page.get_by_label("segment", exact=True).select_option("constant")
    page.get_by_label("segment in every row").fill("SMB")
    page.get_by_role("button", name="Apply and check").click()
    expect(page.locator("#table-preview tbody tr").first).to_contain_text("SMB")
    page.get_by_role("button", name="Import 47 rows").click()
    work()
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("#upload-state")).to_contain_text("Imported")
    assert {*Deal.objects.values_list("segment", flat=True)} == {"SMB"}


def test_a_file_that_is_dropped_is_sent(visit: Visit, deals: Path) -> None:
    page = visit("/data/upload/")
    page.locator("[data-drop]").evaluate(
        """(form, text) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([text], "dropped.csv", { type: "text/csv" }));
          const way = { dataTransfer, bubbles: true, cancelable: true };
          for (const type of ["dragover", "drop"]) form.dispatchEvent(new DragEvent(type, way));
        }""",
        deals.read_text(),
    )
    page.wait_for_url("**/data/upload/*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("dropped.csv")


def test_a_file_that_cannot_be_read_says_so_and_the_page_goes_on(
    visit: Visit, trouble: Trouble, tmp_path: Path, deals: Path
) -> None:
    trouble.expect("422")
    page = visit("/data/upload/")
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_text("a,b\n1,2\n")
    page.get_by_label("A table as CSV").set_input_files(wrong)
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("wrong.xlsx is not a workbook")
    assert verdict(page) == {}
    send(page, deals)


def test_the_pages_of_an_upload_keep_nobody_out_and_fit(visit: Visit, deals: Path) -> None:
    page = visit("/data/upload/")
    for one in range(2):
        assert verdict(page) == {}
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert loose_ends(page) == [], width
        page.set_viewport_size({"width": 1280, "height": 900})
        if not one:
            page.reload()
            send(page, deals)
    phone = visit(page.url, viewport=PHONE, is_mobile=True, has_touch=True)
    assert phone.evaluate(SMALL, 44) == []
    page.reload()
    page.get_by_role("button", name="Import 47 rows").click()
    expect(page.locator("progress")).to_be_visible()
    assert verdict(page, "#upload-state") == {}
    work()
    expect(page.locator("#upload-state")).to_contain_text("Imported")
    page.get_by_text("Undo this import").click()
    assert verdict(page, "#upload-state") == {}
