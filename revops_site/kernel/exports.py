"""Numbers as a file: exactly the rows that are shown, unrounded, safe to open in a spreadsheet.

A panel's frame is written at once; the rows of a long table leave while they are read.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

PIECE = 64 * 1024  # characters that are sent at once
MOST_ROWS = 1_000_000  # of a sheet of a workbook
CELL_WIDTH = 16  # characters; a workbook that is written row by row cannot fit its columns
LONGEST_SHEET = 31
NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet runs a cell that starts with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Sheet:
    """A frame on its way into a file, with what a reader must know of it."""

    title: str
    frame: pd.DataFrame
    about: Mapping[str, str]


@dataclass(frozen=True)
class Roll:
    """Rows too many to be held at once, on their way into a file, as sequences by column."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    about: Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """A file format that a sheet can be written in."""

    content_type: str
    write: Callable[[Sheet], bytes]
    stream: Callable[[Roll], Iterator[bytes]]


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a header row of field names, ISO dates, empty cells for unknown values."""
    return _plain(sheet.frame).map(_safe).to_csv(index=False, lineterminator="\r\n").encode()


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """As ``to_csv``, some lines at a time: for rows that are too many to be held at once."""
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    for row in chain([header], rows):
        writer.writerow([_written(_safe(value)) for value in row])
        if held.tell() > PIECE:
            yield held.getvalue().encode()
            held.seek(0)
            held.truncate()
    yield held.getvalue().encode()


def to_json(sheet: Sheet) -> bytes:
    """``{"title", "about", "columns", "rows"}``; a row is an object by column, null for unknown."""
    plain = {
        "title": sheet.title,
        "about": dict(sheet.about),
        "columns": list(sheet.frame.columns),
        "rows": records(sheet.frame),
    }
    return orjson.dumps(plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_INDENT_2)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows as JSON files hold them: objects by column, None for unknown."""
    plain = _plain(frame)
    found = plain.astype(object).where(plain.notna(), None).to_dict(orient="records")
    return [{str(name): value for name, value in row.items()} for row in found]


def record(columns: Sequence[str], row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a long table as JSON files hold it."""
    return {name: _native(row[name]) for name in columns}


def to_xlsx(sheet: Sheet) -> bytes:
    """A workbook with the numbers on the first sheet and what they are on the second."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, {"in_memory": True, **plain_text}) as book:
        bold = book.add_format({"bold": True})
        numbers = book.add_worksheet("Data")
        for at, (name, values) in enumerate(_plain(sheet.frame).items()):
            numbers.write_string(0, at, str(name), bold)
            for row, value in enumerate(values, start=1):
                if not pd.isna(value):
                    numbers.write(row, at, _native(value))
        numbers.freeze_panes(1, 1)
        numbers.autofit()
        _write_about(book, sheet.title, sheet.about, bold)
    return out.getvalue()


def csv_pieces(roll: Roll) -> Iterator[bytes]:
    """As ``to_csv``, a piece at a time."""
    return csv_lines(roll.columns, roll.rows)


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, of which those that ask for the first rows are made now.

    Once the head of an answer has left, what goes wrong can only cut it off.
    """
    first = [*islice(pieces, 2)]
    return chain(first, pieces)


def json_pieces(roll: Roll) -> Iterator[bytes]:
    """As ``to_json``, a piece at a time."""
    head = {"title": roll.title, "about": dict(roll.about), "columns": list(roll.columns)}
    yield orjson.dumps(head)[:-1] + b',"rows":[\n'
    held, before = bytearray(), b""
    for row in roll.rows:
        plain = {name: _native(value) for name, value in zip(roll.columns, row, strict=True)}
        held += before + orjson.dumps(plain, default=str)
        before = b",\n"
        if len(held) > PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held) + b"\n]}\n"


def xlsx_pieces(roll: Roll) -> Iterator[bytes]:
    """As ``to_xlsx``, a row at a time into a file on disk, which is then sent."""
    from xlsxwriter import Workbook

    with tempfile.TemporaryFile() as out:
        thrifty = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with Workbook(out, thrifty) as book:
            bold = book.add_format({"bold": True})
            numbers = book.add_worksheet("Data")
            numbers.freeze_panes(1, 1)
            numbers.set_column(0, max(0, len(roll.columns) - 1), CELL_WIDTH)
            _write_rows(numbers, roll, 0, bold)
            _write_about(book, roll.title, roll.about, bold)
        out.seek(0)
        while piece := out.read(PIECE):
            yield piece


def write_book(path: Path, title: str, about: Mapping[str, str], rolls: Iterable[Roll]) -> None:
    """A workbook of several sheets on disk, a row at a time: what it is on the first sheet.

    Each further sheet is one roll; above its columns stands what it is.
    """
    from xlsxwriter import Workbook

    thrifty = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), thrifty) as book:
        bold = book.add_format({"bold": True})
        _write_about(book, title, about, bold)
        taken = {"about"}
        for roll in rolls:
            sheet = book.add_worksheet(_sheet_name(roll.title, taken))
            sheet.set_column(0, max(0, len(roll.columns) - 1), CELL_WIDTH)
            heads = [*roll.about.items(), ("", "")] if roll.about else []
            for line, (name, text) in enumerate(heads):
                sheet.write_string(line, 0, name)
                sheet.write_string(line, 1, text)
            _write_rows(sheet, roll, len(heads), bold)


def of_frame(sheet: Sheet) -> Roll:
    """A frame as rows, None where a value is not known."""
    frame = _plain(sheet.frame)
    cells = frame.astype(object).where(frame.notna(), None)
    return Roll(sheet.title, list(map(str, frame.columns)), cells.values.tolist(), sheet.about)


def _write_rows(sheet: Any, roll: Roll, first: int, bold: Any) -> None:
    for at, name in enumerate(roll.columns):
        sheet.write_string(first, at, name, bold)
    for line, row in enumerate(roll.rows, start=first + 1):
        for at, value in enumerate(row):
            if value is not None:
                sheet.write(line, at, _native(_day_text(value)))


def _sheet_name(title: str, taken: set[str]) -> str:
    """The title as a spreadsheet takes it: short, of some signs alone, unlike the others."""
    bare = NO_SHEET_NAME.sub(" ", title).strip(" '")[:LONGEST_SHEET].strip() or "Sheet"
    name, nth = bare, 2
    while name.lower() in taken:
        name, nth = f"{bare[: LONGEST_SHEET - 3]} {nth}", nth + 1
    taken.add(name.lower())
    return name


def _write_about(book: Any, title: str, about: Mapping[str, str], bold: Any) -> None:
    sheet = book.add_worksheet("About")
    for row, (name, text) in enumerate({"title": title, **about}.items()):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text)
    sheet.set_column(0, 1, CELL_WIDTH)


KINDS: Mapping[str, Kind] = {
    "csv": Kind("text/csv; charset=utf-8", to_csv, csv_pieces),
    "xlsx": Kind(WORKBOOK, to_xlsx, xlsx_pieces),
    "json": Kind("application/json", to_json, json_pieces),
}


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as ISO text, and numbers without the noise beyond a double's 15 digits."""
    days = {
        str(name): values.dt.strftime("%Y-%m-%d")
        for name, values in frame.items()
        if _is_day(values)
    }
    numbers = {
        str(name): values.map(_without_noise)
        for name, values in frame.select_dtypes("float").items()
    }
    return frame.assign(**days, **numbers)


def _is_day(values: pd.Series[Any]) -> bool:
    return pd.api.types.is_datetime64_any_dtype(values)


def _without_noise(value: float) -> float:
    return float(f"{value:.15g}")


def _written(value: Any) -> Any:
    """Days and moments as ISO text, exact numbers without an exponent or trailing zeros."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return _day_text(value)


def _day_text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _native(value: Any) -> Any:
    """A plain number for one of a library."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.item() if hasattr(value, "item") else value
