"""A text file as a table: looks at its first lines, then reads its records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from revops_site.kernel.reading import delimiters
from revops_site.kernel.reading.delimited import Delimited
from revops_site.kernel.reading.encodings import HEAD, coded
from revops_site.kernel.reading.headers import header_notes, heading, headings
from revops_site.kernel.reading.layouts import TEXTS, Layout
from revops_site.kernel.reading.passing import Passing
from revops_site.kernel.reading.records import Record, Tally, UnreadableError
from revops_site.kernel.reading.spaced import Spaced, is_ruler, splitter
from revops_site.kernel.reading.texts import BLOCK, MARK, blocks, charset, opened, without_lines

LONGEST_HEADER = 64 * 1024
_LOOKED_AT = 128 * 1024
_MOST_LINES = 1000
_MOST_HEADER_LINES = 50

Row = tuple[int, int, list[str]]


class Passed(NamedTuple):
    """Records that come as lines for COPY already, and how many they are."""

    text: str
    rows: int


class TextTable:
    """A file of text, looked at; ``done`` of its ``total`` bytes have been read so far."""

    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, layout: Layout, block: int = BLOCK) -> None:
        self.done = 0
        self.total = path.stat().st_size
        self.notes: tuple[str, ...] = ()
        self.appended: tuple[tuple[str, int], ...] = ()
        self._path = path
        self._block = block
        packed, encoding = coded(path, layout)
        layout = replace(layout, compressed=packed, encoding=encoding)
        lines = self._first_lines(layout)
        layout = _parted(lines, layout)
        at, self.layout, self.headers = _headed(_rows(lines, layout), lines, layout)
        self._before = (layout.skip or 0) + at
        self.notes = tuple(_notes(self.layout))

    def batches(self, tally: Tally, quick: bool = False) -> Iterator[list[Record] | Passed]:
        """The records, many at a time; ``quick``: plain ones as lines for COPY."""
        layout, width = self.layout, len(self.headers)
        reader: Delimited | Spaced
        if layout.format == "csv":
            reader = Delimited(layout.delimiter, width, self._before, layout.encoding, tally)
        else:
            blanks = len(layout.delimiter)
            reader = Spaced(layout.widths, blanks, width, self._before, layout.encoding)
        passing = Passing(layout.delimiter, width) if quick and layout.format == "csv" else None
        for block in self._blocks(layout, self._before):
            if passing and reader.is_between and (passed := passing.lines(block, reader.line)):
                reader.line += passed[1]
                yield Passed(*passed)
            else:
                yield reader.records(block)
        yield reader.rest()

    def _blocks(self, layout: Layout, skip: int) -> Iterator[str]:
        stack: list[BinaryIO] = []
        try:
            source = opened(self._path, bool(layout.compressed), stack)
            for block in without_lines(blocks(source, layout.encoding, self._block), skip):
                self.done = source.done
                yield block
        finally:
            for stream in stack:
                stream.close()

    def _first_lines(self, layout: Layout) -> list[str]:
        """The lines that the table's form is told by; the first of them is not blank."""
        lines: list[str] = []
        size = 0
        for block in self._blocks(layout, layout.skip or 0):
            lines += block.split("\n")[:-1]
            size += len(block)
            if size > HEAD and any(line.strip() for line in lines):
                break
        first = next((line for line in lines if line.strip()), None)
        if first is None:
            more = f" below the {layout.skip:,} lines on top" if layout.skip else ""
            raise UnreadableError(f"has no rows{more}" if more else "is empty")
        if len(first) > LONGEST_HEADER:
            raise UnreadableError(f"has a first line of more than {LONGEST_HEADER:,} characters")
        if "\0" in first:
            raise UnreadableError("is a binary file, not text")
        return list(_some(lines))


def _some(lines: Sequence[str]) -> Iterator[str]:
    size = 0
    for line in lines[:_MOST_LINES]:
        size += len(line) + 1
        yield line if len(line) <= LONGEST_HEADER else ""
        if size > _LOOKED_AT:
            return


def _parted(lines: list[str], layout: Layout) -> Layout:
    """The layout with what parts the columns."""
    kind, delimiter = layout.format, layout.delimiter
    if kind not in ("", *TEXTS):
        raise UnreadableError(f"is text, not .{kind}")
    if not kind:
        kind = "fixed" if layout.widths else "csv" if delimiter.strip(" ") else ""
    if kind == "csv" and delimiter.strip(" "):
        return replace(layout, format="csv")
    if kind == "fixed" and layout.widths:
        return replace(layout, format="fixed", delimiter="")
    if delimiter in (" ", "  "):
        return replace(layout, format="blanks")
    if kind in ("", "csv"):
        delimiter = delimiters.found(lines)
        if kind == "csv" or delimiter:
            return replace(layout, format="csv", delimiter=delimiter or ",")
    spaced = delimiters.spaced(lines, kind)
    if spaced:
        blanks, widths = spaced
        kind = "fixed" if widths else "blanks"
        return replace(layout, format=kind, delimiter=" " * blanks, widths=widths)
    if kind:
        raise UnreadableError("has no columns that blanks part; say their widths")
    return replace(layout, format="csv", delimiter=",")


def _rows(lines: list[str], layout: Layout) -> list[Row]:
    if layout.format == "csv":
        return delimiters.rows(lines, layout.delimiter)
    split = splitter(layout.widths, len(layout.delimiter))
    full = ((at, line) for at, line in enumerate(lines) if line.strip() and not is_ruler(line))
    return [(at, at + 1, split(line)) for at, line in full]


def _headed(
    rows: list[Row], lines: list[str], layout: Layout
) -> tuple[int, Layout, tuple[str, ...]]:
    """How many lines stand above the records, the whole layout, and the headers."""
    if not rows:
        raise UnreadableError("has no rows")
    at, header = heading([fields for _, _, fields in rows], layout)
    begin, end, fields = rows[at]
    if header:
        _check_header("\n".join(lines[begin:end]), end - begin, layout)
    body = [fields for _, _, fields in rows[at + header :]]
    headers = headings(fields, body, layout, header)
    whole = replace(layout, header=header, skip=(layout.skip or 0) + begin)
    return end if header else begin, whole, headers


def _check_header(text: str, lines: int, layout: Layout) -> None:
    if len(text) > LONGEST_HEADER:
        raise UnreadableError(f"has a header of more than {LONGEST_HEADER:,} characters")
    if lines > _MOST_HEADER_LINES:
        raise UnreadableError("has a header that opens a quote and never closes it")
    if "\0" in text:
        raise UnreadableError("is a binary file, not text")
    if MARK in text:
        raise UnreadableError(f"has a header that is not {charset(layout.encoding)} text")


def _notes(layout: Layout) -> Iterator[str]:
    if layout.compressed:
        yield "is compressed"
    if not layout.encoding.lower().startswith("utf-8"):
        yield f"is {charset(layout.encoding)}"
    if layout.format == "csv" and layout.delimiter != ",":
        mark = {"\t": "tabs"}.get(layout.delimiter, f"“{layout.delimiter}”")
        yield f"has {mark} between its columns"
    if layout.format == "blanks":
        yield "has blanks between its columns"
    if layout.format == "fixed":
        yield f"has columns of fixed width: {', '.join(map(str, layout.widths))}"
    yield from header_notes(layout, "line")
