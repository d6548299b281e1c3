"""Files that pages are taken away as: workbooks, long tables, and who may have them."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from insights.actions import files as actions
from insights.models import MadeFile
from insights.queries import files
from revops_site.kernel import clock, exports
from revops_site.kernel.models import User
from tests.conftest import AsUser
from tests.insights import a_company
from tests.insights import files as loaded
from tests.insights.paper import company, kept, made, work

__all__ = ["company", "kept"]

NEW = "/reports/files/new/"


def asked(answer: Any) -> MadeFile:
    assert answer.status_code == 302, answer.content
    work()
    return MadeFile.objects.get(pk=int(answer["Location"].strip("/").rpartition("/")[2]))


def test_a_page_as_a_workbook_has_a_sheet_for_each_panel_and_says_what_it_is(
    company: None, as_user: AsUser, bo: User
) -> None:
    given = {"address": "/pipeline/?region=EMEA", "suffix": "xlsx"}
    one = asked(as_user(bo).post(NEW, given))
    assert one.state == MadeFile.State.DONE, one.message
    book = load_workbook(io.BytesIO(files.kept(one.sha256).read_bytes()))
    about = {row[0].value: row[1].value for row in book["About"].rows}
    assert about["filters"] == "Region: EMEA"
    assert about["as_of"] == "2025-06-27"
    assert "Where are the open deals" in book.sheetnames
    cells = [str(cell.value) for sheet in book for row in sheet.rows for cell in row]
    assert not [cell for cell in cells if "Canary" in cell]
    assert "169999" not in cells


def test_a_cell_that_looks_like_a_formula_stays_a_text(
    company: None, as_user: AsUser, dee: User, tmp_path: Path
) -> None:
    deal = {**a_company.FILES["pipeline_deals"][0], "deal_id": "H1"}
    deal |= {"opportunity_name": '=HYPERLINK("http://x","y")', "amount": "777000"}
    loaded.load(tmp_path / "hostile", {"pipeline_deals": [deal]})
    one = made(dee, "/pipeline/", "workbook", "xlsx")
    book = load_workbook(io.BytesIO(files.kept(one.sha256).read_bytes()))
    found = [c for sheet in book for row in sheet.rows for c in row if "HYPER" in str(c.value)]
    assert found
    assert {cell.data_type for cell in found} == {"s"}


@pytest.fixture
def many(settings: Any) -> None:
    """So few rows that a test can have more of them."""
    settings.ROWS_AT_ONCE = 2


def test_a_table_of_many_rows_is_made_in_the_background_and_told_when_it_is_ready(
    company: None, as_user: AsUser, dee: User, many: None
) -> None:
    client = as_user(dee)
    page = client.get("/pipeline/").getvalue().decode()
    found = re.search(r'href="(/reports/files/new/[^"]*suffix=csv[^"]*)"', page)
    assert found is not None
    way = found[1].replace("&amp;", "&")
    assert "So many rows are made in the background" in client.get(way).getvalue().decode()
    direct = client.get("/pipeline/panels/deals.csv")
    assert direct.status_code == 302
    assert direct["Location"].startswith(NEW)
    given = {"address": "/pipeline/", "part": "deals", "suffix": "csv"}
    one = asked(client.post(NEW, given))
    assert one.state == MadeFile.State.DONE, one.message
    assert "Files ready" in client.get("/glossary/").getvalue().decode()
    answer = client.get(f"/reports/files/{one.pk}/file")
    rows = b"".join(answer).decode().splitlines()
    assert len(rows) == 1 + 3  # the open ones, below their header
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Files ready" not in client.get("/glossary/").getvalue().decode()


def test_a_table_is_for_who_asked_for_it_alone(
    company: None, as_user: AsUser, ana: User, bo: User, dee: User
) -> None:
    one = asked(as_user(ana).post(NEW, {"address": "/pipeline/", "part": "deals", "suffix": "csv"}))
    assert b"Canary" not in files.kept(one.sha256).read_bytes()
    for other in (bo, dee):
        for address in ("", "state/", "file"):
            answer = as_user(other).get(f"/reports/files/{one.pk}/{address}")
            assert answer.status_code == 404, (other, address)
    assert b"Acme" in as_user(ana).get(f"/reports/files/{one.pk}/file").getvalue()


def test_a_page_that_is_not_somebody_s_cannot_be_taken_away(
    company: None, as_user: AsUser, ana: User
) -> None:
    client = as_user(ana)
    for address in ("/reps/cy/", "/accounts/ACC2/", "/nowhere/", "http://elsewhere/"):
        given = {"address": address, "suffix": "pdf"}
        assert client.post(NEW, given).status_code == 404, address


def test_a_report_is_made_from_its_page_and_shown_as_pictures(
    company: None, as_user: AsUser, dee: User, ana: User
) -> None:
    client = as_user(dee)
    assert "Make the PDF" in client.get("/reports/weekly-forecast/").getvalue().decode()
    one = asked(client.post("/reports/weekly-forecast/?region=EMEA"))
    assert one.address == "/reports/weekly-forecast/?region=EMEA"
    page = client.get(f"/reports/files/{one.pk}/").getvalue().decode()
    assert one.sha256 in page
    picture = client.get(f"/reports/files/{one.pk}/pages/1.png")
    assert picture.content.startswith(b"\x89PNG")
    assert client.get(f"/reports/files/{one.pk}/pages/99.png").status_code == 404
    again = client.get("/reports/weekly-forecast/?region=EMEA").getvalue().decode()
    assert "Download the PDF" in again
    assert f"/reports/files/{one.pk}/" in client.get("/reports/").getvalue().decode()
    stranger = as_user(ana)
    assert f"/reports/files/{one.pk}/" not in stranger.get("/reports/").getvalue().decode()
    assert stranger.get(f"/reports/files/{one.pk}/pages/1.png").status_code == 404


def test_a_file_on_its_way_tells_how_far_it_is(company: None, as_user: AsUser, dee: User) -> None:
    client = as_user(dee)
    one = actions.ask(
        user=dee, kind="report", address="/marketing/", title="A", suffix="pdf", at=clock.now()
    )
    busy = client.get(f"/reports/files/{one.pk}/state/", headers={"HX-Request": "true"})
    assert busy.status_code == 200
    assert "Waiting for the background" in busy.getvalue().decode()
    work()
    over = client.get(f"/reports/files/{one.pk}/state/", headers={"HX-Request": "true"})
    assert over.status_code == 286


def test_rows_leave_as_they_come(kept: Path, tmp_path: Path) -> None:
    rows = ([nth, "x"] for nth in range(30_000))
    roll = exports.Roll("Much", ["a", "b"], rows, {"question": "How much?"})
    path = tmp_path / "book.xlsx"
    exports.write_book(path, "Book", {"filters": "none"}, [roll])
    assert load_workbook(path, read_only=True)["Much"].max_row == 30_000 + 3
