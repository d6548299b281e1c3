"""Where the header is: the first full row decides, by what it is and by what stands below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from revops_site.kernel.reading.kinds import is_nothing, is_typed, is_year
from revops_site.kernel.reading.layouts import Layout
from revops_site.kernel.reading.records import UnreadableError, named

MOST_COLUMNS = 2000
MOST_ROWS = 100
LONGEST_CELL = 100
_FULL = 0.8
_TEXTY = 0.6


def heading(table: Sequence[list[str]], layout: Layout) -> tuple[int, bool]:
    """The place of the header in a table, or of its first record, and whether it is a header."""
    at, header = header_row(table)
    if layout.skip is not None:
        at, header = 0, is_header(table[0], table[1:])
    if layout.header is None:
        told = [name.casefold() for name in layout.names]
        same = told == [cell.casefold() for cell in table[at]]
        return at, same if told else header
    if layout.skip is None and header and not layout.header:
        width = len(table[at])
        at = next(place for place, row in enumerate(table) if len(row) == width)
    return at, layout.header


def headings(
    row: list[str], body: Sequence[list[str]], layout: Layout, header: bool
) -> tuple[str, ...]:
    """The names of the columns: of the header row, those that are told, or numbers."""
    full = max(
        (at for fields in (row, *body) for at, cell in enumerate(fields, 1) if cell), default=1
    )
    width = min(len(row), full) if header else max(len(row), len(layout.names))
    if width > MOST_COLUMNS:
        raise UnreadableError(f"has {width:,} columns; at most {MOST_COLUMNS:,} can be read")
    if layout.names and len(layout.names) != width:
        raise UnreadableError(f"has {width} columns where {len(layout.names)} names are told")
    return layout.names or named(row[:width] if header else [""] * width)


def header_notes(layout: Layout, what: str) -> Iterator[str]:
    """What is to be said of the header of a file of lines or a sheet of rows."""
    if layout.skip:
        yield f"skips {layout.skip:,} {what}{'' if layout.skip == 1 else 's'} on top"
    if not layout.header:
        yield "has no header row"


def header_row(table: Sequence[list[str]]) -> tuple[int, bool]:
    """The place of the header among rows of stripped cells, or of the first record; and which.

    Rows above it with fewer filled cells are junk: a title, an author, the time of the export.
    """
    table = [[cell[:LONGEST_CELL] for cell in row] for row in table[:MOST_ROWS]]
    filled = [_filled(row) for row in table]
    needed = _FULL * sorted(filled)[int(0.9 * (len(filled) - 1))]
    full = next(at for at, count in enumerate(filled) if count >= needed)
    if is_header(table[full], table[full + 1 :]):
        return full, True
    widths = [len(row) for row in table]
    usual = max(set(widths), key=widths.count)
    filling = (at for at, row in enumerate(table) if len(row) == usual and any(row))
    return next(filling, full), False


def _filled(row: list[str]) -> int:
    """How many cells say something; a column of row numbers needs no name."""
    return sum(map(bool, row)) + (len(row) > 1 and not row[0] and all(row[1:]))


def is_header(row: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether this row names the columns of the rows below it, or is one of them."""
    cells = [cell for cell in row if not is_nothing(cell)]
    if not cells:
        return False
    typed = [cell for cell in cells if is_typed(cell)]
    if typed and all(map(is_year, typed)) and len(set(typed)) == len(typed) < len(cells):
        typed = []  # a column a year
    if len(cells) - len(typed) < _TEXTY * len(cells):
        return False
    for_it, against = _votes(row, body)
    if for_it or against:
        return for_it > against
    return not any(
        cell and cell in {other[at] for other in body if at < len(other)}
        for at, cell in enumerate(row)
    )


def _votes(row: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Of the columns of numbers and dates how many have none in this row, and how many have."""
    for_it = against = 0
    for at, cell in enumerate(row):
        below = [other[at] for other in body if at < len(other) and not is_nothing(other[at])]
        if is_nothing(cell) or not below:
            continue
        if sum(map(is_typed, below)) > 0.6 * len(below):
            against += is_typed(cell) and not is_year(cell)
            for_it += not is_typed(cell)
    return for_it, against
