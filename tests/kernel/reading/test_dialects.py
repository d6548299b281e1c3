"""A table comes back as it was written, in whatever dialect, and however its bytes arrive."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from revops_site.kernel.reading import Layout, UnreadableError
from tests.kernel.reading import files

QUICK = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DELIMITERS = st.sampled_from(",;\t|^~")
ENDS = st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=1, max_size=3)
BLOCKS = st.sampled_from([1, 2, 3, 7, 31, 256, 262144])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
LETTERS = st.characters(exclude_categories=["Cs", "Cc"])
LIKELY = st.sampled_from(
    [*'ab,;|" \n\r\t', "é", "–", "\xa0", "\u200b", "'", "\\", "=", "\x85", "\x1c"]
)
CELL = st.one_of(st.text(LIKELY, max_size=8), st.text(LETTERS, max_size=8))
JOINERS = "\u200c\u200d"
UNSEEN = "\xad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"


def tables(cell: st.SearchStrategy[str] = CELL) -> st.SearchStrategy[list[list[str]]]:
    return st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), max_size=12)
    )


def as_read(rows: list[list[str]]) -> list[list[str]]:
    """Cells without what nobody sees, their line ends as one; rows of nothing left out."""
    ends = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    return [row for each in ends if any(row := [seen(cell) for cell in each])]


def seen(cell: str) -> str:
    """Odd blanks are plain ones, none is at an end; joiners count within a word alone."""
    odd = {"Zs", "Zl", "Zp"}
    letters = [
        " " if letter == "\x85" or unicodedata.category(letter) in odd else letter
        for letter in cell
        if letter not in UNSEEN
    ]
    cell = "".join(letters)
    while (less := cell.strip().strip(JOINERS)) != cell:
        cell = less
    return cell


@QUICK
@given(tables(), DELIMITERS, ENDS, st.booleans(), ENCODINGS, st.booleans(), BLOCKS)
def test_a_table_written_in_any_dialect_comes_back(
    tmp_path: Path,
    rows: list[list[str]],
    delimiter: str,
    ends: list[str],
    quotes: bool,
    encoding: str,
    packed: bool,
    block: int,
) -> None:
    width = len(rows[0]) if rows else 2
    header = [f"column {at}" for at in range(1, width + 1)]
    if encoding == "cp1252":
        rows = [[cell.encode("cp1252", "ignore").decode("cp1252") for cell in row] for row in rows]
    if width == 1:  # an empty line is none
        quotes = True
    text = files.text([header, *rows], delimiter=delimiter, ends=ends, quotes=quotes)
    path = files.put(tmp_path, text.encode(encoding), packed=packed)
    layout = Layout(encoding=encoding, delimiter=delimiter, header=True, skip=0)
    assert files.cells(path, layout, block) == as_read(rows)


WORD = st.from_regex(r"[a-hA-Eéü]{1,5}(, | |/|'| & |)[a-h]{1,4}", fullmatch=True)
USUAL = st.sampled_from(",;\t|")


@st.composite
def exports(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    """A header, and rows of words, numbers and dates below it, a column of each at least."""
    names = draw(st.lists(WORD, min_size=2, max_size=6, unique=True))
    number = st.decimals(0, 99999, places=2).map(str)
    cell = {
        "word": WORD,
        "number": st.one_of(number, number.map(lambda text: text.replace(".", ","))),
        "day": st.dates().map(str),
    }
    kinds = ["number", *(draw(st.sampled_from(sorted(cell))) for _ in names[1:])]
    rows = draw(st.lists(st.tuples(*(cell[kind] for kind in kinds)), min_size=3, max_size=9))
    return names, [list(row) for row in rows]


@QUICK
@given(exports(), USUAL, ENDS, ENCODINGS, st.booleans(), st.booleans())
def test_the_dialect_of_an_export_is_found_by_looking(
    tmp_path: Path,
    export: tuple[list[str], list[list[str]]],
    delimiter: str,
    ends: list[str],
    encoding: str,
    packed: bool,
    quotes: bool,
) -> None:
    names, rows = export
    text = files.text([names, *rows], delimiter=delimiter, ends=ends, quotes=quotes)
    path = files.put(tmp_path, text.encode(encoding), packed=packed)
    assert files.cells(path) == as_read(rows)


MESS = st.text(st.sampled_from([*'ab,;"\t\r\n \0é1', "\udc80", "\u200b", "\x1c"]), max_size=120)


@QUICK
@given(MESS, st.booleans(), BLOCKS)
def test_no_mess_makes_it_stumble_and_no_chunking_matters(
    tmp_path: Path, mess: str, told: bool, block: int
) -> None:
    data = ("a,b,c\n" * told + mess).encode("utf-8", "surrogateescape")
    path = files.put(tmp_path, data)
    layout = Layout(format="csv", delimiter=",", encoding="utf-8", header=True, skip=0)
    layout = layout if told else Layout()
    try:
        found = files.records(path, layout)
    except UnreadableError as error:
        with pytest.raises(UnreadableError, match=f"^{str(error)[:5]}"):
            files.records(path, layout, block)
        return
    assert files.records(path, layout, block) == found
    sent, counts = files.sent(path, layout)
    assert sent == found
    assert counts["rows"] == len(found)
    lines = [record.line for record in found]
    assert lines == sorted(set(lines))
    assert all(bool(record.trouble) is not bool(record.fields) for record in found)
