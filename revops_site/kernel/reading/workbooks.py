"""A workbook as a table: chooses its sheets, finds their headers, reads their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from revops_site.kernel.reading import cells
from revops_site.kernel.reading.headers import header_notes, heading, headings
from revops_site.kernel.reading.layouts import Layout
from revops_site.kernel.reading.records import (
    Record,
    Tally,
    UnreadableError,
    in_trouble,
    shortened,
)

_HEAD_ROWS = 200
_BATCH = 1000
TABLE = 3  # columns with names: fewer may be a cover sheet's
MOST_NAMED = 5


@dataclass(frozen=True)
class Sheet:
    """A sheet that is read: its rows, its headers, and how many rows stand above the records.

    ``named`` is how many columns have a name of their own above rows of several cells: of a cover
    sheet none.
    """

    rows: CalamineSheet
    headers: tuple[str, ...]
    above: int
    layout: Layout
    named: int = 0

    @property
    def height(self) -> int:
        """Its rows, the empty ones on top too."""
        return self.rows.end[0] + 1 if self.rows.end else 0


class WorkbookTable:
    """A workbook, looked at; ``done`` of the ``total`` rows of its sheets have been read so far."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.done = 0
        try:
            book = load_workbook(path)
            meta = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
            self.sheets = tuple(each.name for each in meta)
            shown = [each.name for each in meta if each.visible is SheetVisibleEnum.Visible]
            self._chosen, left = _chosen(book, layout, self.sheets, tuple(shown or self.sheets))
        except PasswordError:
            raise UnreadableError("is protected by a password; save it without one") from None
        except (CalamineError, OSError) as error:
            raise UnreadableError(f"is a damaged workbook: {str(error)[:200]}") from None
        first = self._chosen[0]
        self.headers = first.headers
        names = tuple(each.rows.name for each in self._chosen)
        self.layout = replace(first.layout, sheets=names)
        self.total = sum(each.height for each in self._chosen)
        before = accumulate((each.height for each in self._chosen), initial=0)
        several = len(names) > 1
        self.appended = tuple(zip(names, before, strict=False)) if several else ()
        self.notes = (*header_notes(self.layout, "row"), *self._sheet_notes(left))

    def batches(self, tally: Tally, quick: bool = False) -> Iterator[list[Record]]:
        """The records, many at a time."""
        befores = accumulate((each.height for each in self._chosen), initial=0)
        for sheet, before in zip(self._chosen, befores, strict=False):
            rows = islice(enumerate(sheet.rows.iter_rows(), 1), sheet.above, None)
            width = len(sheet.headers)
            while batch := list(islice(rows, _BATCH)):
                self.done = before + batch[-1][0]
                records = (_record(before + at, row, width) for at, row in batch)
                yield [record for record in records if record]

    def _sheet_notes(self, left: list[str]) -> Iterator[str]:
        first, *others = self._chosen
        if len(self.sheets) > 1:
            read = [each.rows.name for each in self._chosen]
            further = [f"“{name}”" for name in self.sheets if name not in (*read, *left)]
            more = f"; there are also {', '.join(further[:MOST_NAMED])}" if further else ""
            yield (
                f"reads sheet “{first.rows.name}” of {len(self.sheets)}{more}"
                if not others
                else (f"reads {len(others) + 1} sheets of {len(self.sheets)}{more}")
            )
        for name in left:
            yield f"leaves out sheet “{name}”, which has other headers"


def _chosen(
    book: CalamineWorkbook, layout: Layout, names: tuple[str, ...], shown: tuple[str, ...]
) -> tuple[list[Sheet], list[str]]:
    """The sheets to read, and the names of those that do not fit the others."""
    every = layout.sheets == ("*",)
    for name in () if every else layout.sheets:
        if name not in names:
            has = ", ".join(f"“{each}”" for each in names[:20])
            raise UnreadableError(f"has no sheet “{name}”; it has {has}")
    asked = shown if every or not layout.sheets else layout.sheets
    found: list[Sheet] = []
    for name in asked:
        sheet = _opened(book.get_sheet_by_name(name), layout)
        if sheet:
            found.append(sheet)
        if sheet and not layout.sheets and sheet.named >= TABLE:
            break
    if not found:
        where = " in " + ", ".join(f"“{name}”" for name in layout.sheets) if layout.sheets else ""
        raise UnreadableError(f"has no rows{'' if every else where}")
    if not layout.sheets:
        found = [_likeliest(found)]
    usual, _ = Counter(_same(sheet) for sheet in found).most_common(1)[0]
    fits = [sheet for sheet in found if _same(sheet) == usual]
    left = [sheet.rows.name for sheet in found if _same(sheet) != usual]
    if left and not every:
        raise UnreadableError(f"has sheets with other headers: “{left[0]}” is not like the others")
    return fits, left


def _likeliest(sheets: Sequence[Sheet]) -> Sheet:
    """The first that is clearly a table, else the first that may be one, else the first."""
    for least in (TABLE, TABLE - 1):
        for sheet in sheets:
            if sheet.named >= least:
                return sheet
    return sheets[0]


def _same(sheet: Sheet) -> tuple[str, ...]:
    return tuple(header.casefold() for header in sheet.headers)


def _opened(rows: CalamineSheet, layout: Layout) -> Sheet | None:
    """A sheet with its header; None where it has no rows."""
    skip = layout.skip or 0
    head = islice(rows.iter_rows(), skip, skip + _HEAD_ROWS)
    texts = [[cells.text(cell) for cell in row] for row in head]
    if rows.start is not None and rows.start[0] >= skip + _HEAD_ROWS and not layout.skip:
        return _opened(rows, replace(layout, skip=rows.start[0]))
    full = [(at, row) for at, row in enumerate(texts) if any(row)]
    if not full:
        return None
    table = [row for _, row in full]
    at, header = heading(table, layout)
    headers = headings(table[at], table[at + header :], layout, header)
    place = skip + full[at][0]
    several = any(sum(map(bool, row)) > 1 for row in table[at + header :])
    named = len(set(filter(None, table[at]))) if header and several else 0
    return Sheet(rows, headers, place + header, replace(layout, header=header, skip=place), named)


def _record(line: int, row: Sequence[object], width: int) -> Record | None:
    fields = [cells.text(cell) for cell in row]
    if not any(fields):
        return None
    found = len(shortened([*fields], 0))
    if found > width:
        reason = f"has {found} fields where the header has {width}"
        return in_trouble(line, reason, ", ".join(fields))
    if any("\0" in field for field in fields):
        return in_trouble(line, "holds a NUL byte", ", ".join(fields))
    return Record(line, fields[:width] + [""] * (width - len(fields)))
