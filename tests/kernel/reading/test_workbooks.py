"""Workbooks: their sheets by name, their cells as what they hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from openpyxl import Workbook

from revops_site.kernel.reading import Layout, Stream, UnreadableError, look
from revops_site.kernel.reading.inner import looked
from revops_site.kernel.reading.records import Looked
from revops_site.kernel.reading.tables import opened
from tests.kernel.reading import files

Sheets: TypeAlias = dict[str, list[list[Any]]]

HEADER: list[Any] = ["deal", "amount"]


def glance(path: Path, layout: Layout | None = None) -> Looked:
    return looked(opened(path, layout or Layout()), 500)


def book(folder: Path, sheets: Sheets, hidden: str = "") -> Path:
    """A workbook of these sheets."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name == hidden else "visible"
    made.save(folder / "book.xlsx")
    return folder / "book.xlsx"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  Ana \u200b", "Ana"),
        ("two\r\nlines", "two\nlines"),
        ("=1+1 is text", "=1+1 is text"),
        (5, "5"),
        (-3.0, "-3"),
        (19.99, "19.99"),
        (0.1 + 0.2, "0.3"),
        (0.00000012, "0.00000012"),
        (2410000000000000000, "2.41E+18"),
        (True, "true"),
        (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29, 23, 59, 59), "2024-02-29T23:59:59"),
        (dt.time(7, 5), "07:05:00"),
        (dt.timedelta(hours=30, minutes=5), "30:05:00"),
        ("#N/A", ""),
    ],
)
def test_a_cell_is_what_it_holds(tmp_path: Path, cell: Any, text: str) -> None:
    path = tmp_path / "book.xlsx"
    made = Workbook()
    page = made.worksheets[0]
    page.append(["key", "cell"])
    page.append(["k", cell])
    if isinstance(cell, str) and cell.startswith("="):
        page["B2"].data_type = "s"
    made.save(path)
    assert files.cells(path) == [["k", text]]


def test_a_formula_is_read_as_the_value_that_it_had(tmp_path: Path) -> None:
    rows = files.cell_xml("A1", "key") + files.cell_xml("B1", "sum")
    body = files.cell_xml("A2", "k") + '<c r="B2"><f>1+1</f><v>2</v></c>'
    xml = files.sheet_xml(f'<row r="1">{rows}</row><row r="2">{body}</row>')
    path = files.zipped(tmp_path, files.xlsx_parts(xml))
    assert files.cells(path) == [["k", "2"]]


def test_rows_above_the_header_are_junk_and_empty_rows_none(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["Report"], [], HEADER, ["D-1", 5], [], [None, None], ["D-2", 6]]
    path = book(tmp_path, {"One": rows})
    found = glance(path)
    assert (found.headers, found.layout.skip) == (("deal", "amount"), 2)
    assert [record.line for record in found.sample] == [4, 7]
    assert found.notes == ("skips 2 rows on top",)


def test_a_sheet_is_chosen_by_name_or_the_first_that_has_rows(tmp_path: Path) -> None:
    sheets: Sheets = {"Empty": [], "Hidden": [["x", "y"], [1, 2]], "May": [HEADER, ["D-1", 5]]}
    path = book(tmp_path, {**sheets, "June": [HEADER, ["D-2", 6]]}, hidden="Hidden")
    assert glance(path).layout.sheets == ("May",)
    assert files.cells(path, Layout(sheets=("June",))) == [["D-2", "6"]]
    assert glance(path).sheets == ("Empty", "Hidden", "May", "June")
    with pytest.raises(UnreadableError, match="has no sheet “July”; it has “Empty”, “Hidden”"):
        glance(path, Layout(sheets=("July",)))


def test_sheets_of_one_header_are_read_below_each_other(tmp_path: Path) -> None:
    sheets: Sheets = {"Notes": [["Made by", "Ana"]], "May": [HEADER, ["D-1", 5]]}
    path = book(tmp_path, {**sheets, "June": [["Deal", "Amount"], ["D-2", 6], ["D-3", 7]]})
    every = Layout(sheets=("*",))
    assert [record.line for record in files.records(path, every)] == [2, 4, 5]
    assert files.cells(path, every) == [["D-1", "5"], ["D-2", "6"], ["D-3", "7"]]
    assert glance(path, every).notes == (
        "reads 2 sheets of 3",
        "leaves out sheet “Notes”, which has other headers",
    )
    assert glance(path, every).appended == (("May", 0), ("June", 2))
    assert glance(path, Layout(sheets=("June",))).appended == ()
    with pytest.raises(UnreadableError, match="has sheets with other headers"):
        glance(path, Layout(sheets=("May", "Notes")))


def test_a_row_with_cells_beyond_the_header_is_in_trouble(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        HEADER,
        *([f"D-{at}", at] for at in range(300)),
        ["D-9", 6, None, "x"],
        ["D-8"],
    ]
    *_, good, bad, short = files.records(book(tmp_path, {"One": rows}))
    assert good.fields == ["D-299", "299"]
    assert (bad.line, bad.trouble) == (302, "has 4 fields where the header has 2")
    assert short.fields == ["D-8", ""]


def test_old_workbooks_and_open_documents_are_read_alike(tmp_path: Path) -> None:
    rows = [["deal", "owner"], ["D-1", "Zoë"], ["D-2", "Bo"]]
    assert files.cells(files.xls(tmp_path, rows)) == rows[1:]
    assert files.cells(files.ods(tmp_path, rows)) == rows[1:]


def test_a_workbook_comes_through_the_process_too(tmp_path: Path) -> None:
    path = book(tmp_path, {"One": [HEADER, *([f"D-{at}", at] for at in range(2000))]})
    assert look(path).headers == ("deal", "amount")
    with Stream(path) as stream:
        found = files.copied(b"".join(stream).decode())
    assert (len(found), stream.rows, stream.done, stream.total) == (2000, 2000, 2001, 2001)
    assert found[-1].fields == ["D-1999", "1999"]


def test_a_cover_sheet_is_passed_over_for_the_first_sheet_that_is_a_table(tmp_path: Path) -> None:
    table: list[list[Any]] = [["deal", "amount", "stage"], ["D1", 5, "Demo"], ["D2", 6, "Demo"]]
    cover: list[list[Any]] = [["This file holds deals", ""], ["Author", "Ana"], ["Of", "May"]]

    found = glance(book(tmp_path, {"Read me": cover, "North": table, "South": table}))

    assert found.layout.sheets == ("North",)
    assert found.headers == ("deal", "amount", "stage")
    assert "reads sheet “North” of 3; there are also “Read me”, “South”" in found.notes


def test_a_sheet_of_two_columns_is_read_where_no_other_is_more_of_a_table(tmp_path: Path) -> None:
    sheets: Sheets = {"Notes": [["Only this"]], "Deals": [HEADER, ["D1", 5], ["D2", 6]]}

    assert glance(book(tmp_path, sheets)).layout.sheets == ("Deals",)
