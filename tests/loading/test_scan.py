"""What the scan makes of bytes: good records numbered, all others set aside with a reason."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revops_site.kernel.loading import scan
from revops_site.kernel.loading.scan import Scan
from revops_site.kernel.reading.records import cleaned


def records(data: bytes, width: int = 3, delimiter: str = ",") -> list[list[str]]:
    """What COPY would read: line, reason, beginning, fields."""
    scanned = Scan(io.BytesIO(data), delimiter, width, line=1)
    text = b"".join(scanned).decode()
    found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert len(found) == scanned.rows
    assert scanned.done == len(data)
    return found


def test_plain_lines_pass_with_their_numbers() -> None:
    assert records(b"a,b,c\nd,e,f\n") == [
        ["2", "", "", "a", "b", "c"],
        ["3", "", "", "d", "e", "f"],
    ]


@pytest.mark.parametrize(
    "data",
    [b"a,b,c\r\nd,e,f\r\n", b"a,b,c\nd,e,f", b"a,b,c\n\n  \nd,e,f\n", b'"a", b ,c\n d,e,"f"\n'],
    ids=["CRLF", "no last line end", "blank lines", "blanks and quotes"],
)
def test_harmless_differences_do_not_count(data: bytes) -> None:
    assert [record[3:] for record in records(data)] == [["a", "b", "c"], ["d", "e", "f"]]


def test_blank_lines_count_as_lines() -> None:
    assert [record[0] for record in records(b"\na,b,c\n\n\nd,e,f\n")] == ["3", "6"]


def test_a_quoted_field_may_span_lines_and_hold_delimiters() -> None:
    found = records(b'a,"two\nlines, and ""quotes""",c\nd,e,f\n')
    assert found[0] == ["2", "", "", "a", 'two\nlines, and "quotes"', "c"]
    assert found[1][0] == "4"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a,b", "has 2 fields where the header has 3"),
        (b"a,b,c,d", "has 4 fields where the header has 3"),
        (b"a,\0,c", "holds a NUL byte"),
        (b"a,caf\xe9,c", "is not UTF-8 text"),
        (b'a,"caf\xe9",c', "is not UTF-8 text"),
        (b"a,b\rb,c", "holds a carriage return"),
        (b'a,"b,c', "opens a quote that is never closed"),
        (b"a," + b"b" * scan.LONGEST + b",c", f"is longer than {scan.LONGEST} bytes"),
    ],
)
def test_a_bad_record_is_set_aside_and_the_next_one_is_good(line: bytes, reason: str) -> None:
    bad, good = records(line + b"\nd,e,f\n")
    assert bad[:2] == ["2", reason]
    assert len(bad[2]) <= scan.SHOWN
    assert good == ["3", "", "", "d", "e", "f"]


def test_empty_fields_that_are_too_many_and_rows_of_nothing_else_do_not_count() -> None:
    scanned = Scan(io.BytesIO(b"a,b,c,,\n,,\nd,e,f\n,, ,\n"), ",", 3, line=1)
    text = b"".join(scanned).decode()
    assert [record[0] for record in csv.reader(io.StringIO(text))] == ["2", "4"]
    assert (scanned.rows, scanned.dropped) == (2, {"empty rows": 2})
    assert scanned.dropped_lines == {"empty rows": [3, 5]}


def test_what_nobody_sees_does_not_count() -> None:
    data = "a\u200b,\ufeffb,\u00a0c\u2060\n".encode()
    assert records(data) == [["2", "", "", "a", "b", "c"]]


def test_a_record_may_span_blocks() -> None:
    filler = b"a,b,c\n" * (scan.BLOCK // 6)
    found = records(filler + b'd,"' + b"x\n" * 1000 + b'",f\ng,h,i\n')
    assert found[-2][3:] == ["d", ("x\n" * 1000).strip(), "f"]
    assert found[-1] == [str(len(found) + 1000 + 1), "", "", "g", "h", "i"]


@pytest.mark.slow
def test_quotes_that_are_never_closed_cost_no_more_than_reading_the_file() -> None:
    found = records(b'a"b,"c\n' * 20_000, width=2)
    assert len(found) > 10_000
    assert {record[1] for record in found} == {"opens a quote that is never closed"}


def test_tabs_and_semicolons_separate_too() -> None:
    assert records(b"a\tb\t\n", delimiter="\t") == [["2", "", "", "a", "b", ""]]
    assert records(b"a; b,b;c\n", delimiter=";") == [["2", "", "", "a", "b,b", "c"]]


@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), max_size=8), st.booleans())
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], quoted: bool) -> None:
    rows = [[field.replace("\0", "").strip() for field in row] for row in rows]
    rows = [[field.replace("\r\n", "\n") for field in row] for row in rows]
    rows = [row for row in rows if not any("\r" in field for field in row)]
    rows = [[cleaned(field) for field in row] for row in rows]
    rows = [row for row in rows if any(row)]
    out = io.StringIO(newline="")
    if quoted:
        csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    else:
        csv.writer(out, lineterminator="\n").writerows(rows)
    assert [record[3:] for record in records(out.getvalue().encode(errors="replace"))] == [
        [field.encode(errors="replace").decode() for field in row] for row in rows
    ]


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    for record in records(data, width=2):
        assert record[1] or len(record) == 5
