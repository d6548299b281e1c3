"""What a look at a file tells: its dialect, where its header is, what is junk above it."""

from __future__ import annotations

from pathlib import Path

import pytest

from revops_site.kernel.reading import Layout, UnreadableError
from revops_site.kernel.reading.inner import looked
from revops_site.kernel.reading.records import Looked
from revops_site.kernel.reading.tables import opened
from tests.kernel.reading import files

TABLE = "deal,amount,closed\nD-1,100.50,2024-01-31\nD-2,7,2024-02-29\nD-3,19,2024-03-31\n"
ROWS = [["D-1", "100.50", "2024-01-31"], ["D-2", "7", "2024-02-29"], ["D-3", "19", "2024-03-31"]]


def look(path: Path, layout: Layout | None = None) -> Looked:
    return looked(opened(path, layout or Layout()), 500)


def test_lines_above_the_header_are_junk_and_said_so(tmp_path: Path) -> None:
    junk = "Pipeline report\nMade by:,Ana Almeida\n\nFrom 2024-01-01 to 2024-03-31\n"
    found = look(files.put(tmp_path, junk + TABLE))
    assert found.headers == ("deal", "amount", "closed")
    assert found.layout.skip == 4
    assert found.notes == ("skips 4 lines on top",)
    assert [record.line for record in found.sample] == [6, 7, 8]


def test_padded_lines_above_the_header_are_junk_too(tmp_path: Path) -> None:
    found = look(files.put(tmp_path, "Report,,\n,,\nBy Ana,,\n" + TABLE))
    assert (found.headers, found.layout.skip) == (("deal", "amount", "closed"), 3)


def test_a_told_number_of_lines_is_left_out(tmp_path: Path) -> None:
    path = files.put(tmp_path, "one,two,three\nfour,five,six\n" + TABLE)
    assert look(path).layout.skip == 0
    assert look(path, Layout(skip=2)).headers == ("deal", "amount", "closed")
    assert files.cells(path, Layout(skip=2)) == ROWS


def test_a_file_without_header_is_found_to_have_none(tmp_path: Path) -> None:
    path = files.put(tmp_path, TABLE.split("\n", 1)[1])
    found = look(path)
    assert found.headers == ("column 1", "column 2", "column 3")
    assert (found.layout.header, found.notes) == (False, ("has no header row",))
    assert files.cells(path) == ROWS


def test_told_names_stand_for_the_missing_header(tmp_path: Path) -> None:
    path = files.put(tmp_path, TABLE.split("\n", 1)[1])
    found = look(path, Layout(names=("deal", "amount", "closed")))
    assert (found.headers, len(found.sample)) == (("deal", "amount", "closed"), 3)
    with pytest.raises(UnreadableError, match="has 3 columns where 2 names are told"):
        look(path, Layout(names=("deal", "amount")))


def test_a_header_may_name_years_and_leave_names_out(tmp_path: Path) -> None:
    found = look(files.put(tmp_path, ",Region,2023,2024\n0,North,5,6\n1,South,7,8\n"))
    assert found.headers == ("column 1", "Region", "2023", "2024")


def test_texts_alone_have_their_header_first(tmp_path: Path) -> None:
    found = look(files.put(tmp_path, "rep,manager\nAna,Bo\nCy,Bo\n"))
    assert (found.headers, len(found.sample)) == (("rep", "manager"), 2)


def test_empty_columns_at_the_end_are_none(tmp_path: Path) -> None:
    path = files.put(tmp_path, "a,b,,,\n1,x,,,\n2,y,,,\n")
    assert look(path).headers == ("a", "b")
    assert files.cells(path) == [["1", "x"], ["2", "y"]]


def test_a_header_may_span_lines(tmp_path: Path) -> None:
    path = files.put(tmp_path, '"Deal\nid", "Close  Value"\nD-1,5\n')
    assert look(path).headers == ("Deal id", "Close Value")
    assert files.records(path)[0].line == 3


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    path = files.put(tmp_path, "a;b;c\n1,5;2,5;x\n3,5;4,5;y\n")
    assert files.cells(path) == [["1,5", "2,5", "x"], ["3,5", "4,5", "y"]]


@pytest.mark.parametrize("delimiter", ["^", "~", "\x01", ":"])
def test_rare_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    path = files.put(tmp_path, TABLE.replace(",", delimiter))
    assert files.cells(path) == ROWS


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    path = files.put(tmp_path, "rep\nAna Almeida\nBo Berg\n\nCy van der Chen\n")
    assert files.cells(path) == [["Ana Almeida"], ["Bo Berg"], ["Cy van der Chen"]]


def test_runs_of_blanks_part_columns(tmp_path: Path) -> None:
    path = files.put(
        tmp_path,
        "deal    owner         amount\n"
        "------  ------------  ------\n"
        "D-1     Ana Almeida        5\n"
        "D-2     Bo Berg        1,700\n",
    )
    found = look(path)
    assert found.layout.format == "blanks"
    assert found.headers == ("deal", "owner", "amount")
    assert files.cells(path) == [["D-1", "Ana Almeida", "5"], ["D-2", "Bo Berg", "1,700"]]


def test_single_blanks_part_columns_of_numbers(tmp_path: Path) -> None:
    path = files.put(tmp_path, "day spend\n2024-01-01 5\n2024-01-02 6\n2024-01-03 7\n")
    assert files.cells(path)[0] == ["2024-01-01", "5"]


def test_fixed_widths_are_found_where_cells_are_empty(tmp_path: Path) -> None:
    rows = [("deal", "owner", "amount"), ("D-1", "Ana Almeida", "5"), ("D-2", "", "17")]
    rows += [("D-3", "Cy Chen", ""), ("D-4", "Dee", "1")]
    text = "".join(f"{a:<8}{b:<14}{c:>6}".rstrip() + "\n" for a, b, c in rows)
    path = files.put(tmp_path, text)
    assert look(path).layout.format == "fixed"
    assert files.cells(path) == [list(row) for row in rows[1:]]


def test_told_widths_cut_what_no_blank_parts(tmp_path: Path) -> None:
    path = files.put(tmp_path, "D-1Ana  00005\nD-2Bo   01700\n")
    layout = Layout(widths=(3, 5, 5), names=("deal", "rep", "amount"))
    assert files.cells(path, layout) == [["D-1", "Ana", "00005"], ["D-2", "Bo", "01700"]]


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-16", "is UTF-16"), ("utf-16-be", "is UTF-16-BE"), ("cp1252", "is Windows-1252")],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, encoding: str, note: str) -> None:
    path = files.put(tmp_path, "naïve,amount\nZoë,5\nJosé,6\n".encode(encoding))
    found = look(path)
    assert found.headers == ("naïve", "amount")
    assert note in found.notes


def test_the_first_odd_letter_may_be_far_away(tmp_path: Path) -> None:
    text = "name,amount\n" + "Ana,5\n" * 45_000 + "José,6\n"
    path = files.put(tmp_path, text.encode("cp1252"))
    assert look(path).layout.encoding == "cp1252"
    assert files.records(path)[-1].fields == ["José", "6"]


def test_what_a_look_found_reads_the_same_when_told(tmp_path: Path) -> None:
    path = files.put(tmp_path, ("Report\n\n" + TABLE.replace(",", ";")).encode("utf-16"))
    found = look(path)
    told = Layout.of(found.layout.plain())
    assert look(path, told) == found
    assert files.cells(path, told) == ROWS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"<!DOCTYPE html><table><tr><td>1</td></tr></table>", "is a web page"),
        (b'{"deals": []}', "is JSON"),
        (bytes(range(256)) * 20, "is a binary file"),
        (b"a,b\0\n1,2\n", "is a binary file"),
        (b"\x1f\x8b" + b"not gzip at all", "is compressed, and damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(
    tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(UnreadableError, match=says):
        look(files.put(tmp_path, content))


@pytest.mark.parametrize(
    ("plain", "says"),
    [
        ({"colour": "red"}, "unknown key “colour”; known are format, encoding"),
        ({"format": "pdf"}, "format: “pdf” is none of csv, blanks"),
        ({"encoding": "klingon"}, "is not an encoding of text"),
        ({"encoding": "rot13"}, "“rot13” is not an encoding of text"),
        ({"encoding": "zip"}, "“zip” is not an encoding of text"),
        ({"delimiter": ";;"}, "is not one character"),
        ({"skip": -1}, "is not a number of lines"),
        ({"skip": True}, "is not a number of lines"),
        ({"widths": [3, 0]}, "is not a list of widths"),
        ({"sheets": "One"}, "is not a list of texts"),
        ({"header": "yes"}, "is neither true nor false"),
    ],
)
def test_a_layout_that_makes_no_sense_says_why(plain: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Layout.of(plain)


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        (Layout(format="xlsx"), "is not an .xlsx workbook"),
        (Layout(sheets=("One",)), "has no sheets: it is text"),
        (Layout(compressed=True), "is not compressed with gzip"),
        (Layout(skip=99), "has no rows below the 99 lines on top"),
        (Layout(encoding="ascii"), "has a header that is not ASCII text"),
    ],
)
def test_a_layout_that_does_not_fit_says_what_is_there(
    tmp_path: Path, layout: Layout, says: str
) -> None:
    with pytest.raises(UnreadableError, match=says):
        look(files.put(tmp_path, "näme,amount\nx,1\n"), layout)
