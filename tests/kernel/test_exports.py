"""Numbers as files: what is known, unrounded, and safe to open."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook

from revops_site.kernel.exports import KINDS, Sheet, csv_lines

FRAME = pd.DataFrame(
    {
        "day": [pd.Timestamp("2025-01-31"), pd.NaT],
        "name": ["=1+1", None],
        "rate": [0.1 + 0.2, None],
        "count": pd.Series([-3, 5], dtype="int64"),
        "partial": [True, False],
    }
)
SHEET = Sheet("A title", FRAME, {"as_of": "2025-01-31"})


def test_a_csv_has_iso_days_empty_cells_for_unknown_and_no_formula() -> None:
    lines = KINDS["csv"].write(SHEET).decode().split("\r\n")
    assert lines[:3] == [
        "day,name,rate,count,partial",
        "2025-01-31,'=1+1,0.3,-3,True",
        ",,,5,False",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_csv_starts_a_formula(start: str) -> None:
    sheet = Sheet("t", pd.DataFrame({"name": [f"{start}cmd"]}), {})
    assert f"'{start}cmd" in KINDS["csv"].write(sheet).decode()


def test_json_has_null_for_unknown() -> None:
    written = json.loads(KINDS["json"].write(SHEET))
    assert written["about"] == {"as_of": "2025-01-31"}
    assert written["rows"] == [
        {"day": "2025-01-31", "name": "=1+1", "rate": 0.3, "count": -3, "partial": True},
        {"day": None, "name": None, "rate": None, "count": 5, "partial": False},
    ]


def test_a_workbook_has_numbers_as_numbers_and_says_what_they_are() -> None:
    book = load_workbook(BytesIO(KINDS["xlsx"].write(SHEET)))
    first = [cell.value for cell in book["Data"][2]]
    assert first == ["2025-01-31", "=1+1", 0.3, -3, True]
    assert book["Data"]["B2"].data_type == "s"
    assert [cell.value for cell in book["About"]["B"]] == ["A title", "2025-01-31"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_nothing_is_whole(kind: str) -> None:
    empty = Sheet("t", FRAME.iloc[:0], {})
    assert KINDS[kind].write(empty)


def test_lines_are_those_of_the_whole_file_and_run_no_formula() -> None:
    rows = [("=1+1", -3, date(2025, 1, 31), None, "a,b")] * 5_000
    pieces = list(csv_lines(["name", "count", "day", "nothing", "list"], rows))
    lines = b"".join(pieces).decode().splitlines()
    assert len(pieces) > 1
    assert lines[0] == "name,count,day,nothing,list"
    assert lines[1:] == ['\'=1+1,-3,2025-01-31,,"a,b"'] * 5_000
