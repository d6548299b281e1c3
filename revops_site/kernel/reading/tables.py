"""A file of any format as a table of records, once nothing hostile has been found in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from revops_site.kernel.reading import archives, containers
from revops_site.kernel.reading.guarding import REASONS, Unguarded
from revops_site.kernel.reading.layouts import BOOKS, Format, Layout
from revops_site.kernel.reading.records import Record, Tally, UnreadableError
from revops_site.kernel.reading.texts import BLOCK
from revops_site.kernel.reading.texttables import Passed, TextTable

_TEXT_NAMES = (".csv", ".tsv", ".tab", ".txt", ".psv", ".dat", ".gz")
_BOOK_NAMES = tuple(f".{kind}" for kind in BOOKS)
_MACRO_NAMES = (".xlsm", ".xltm", ".xlam", ".xlsb")


class Table(Protocol):
    """A file that has been looked at."""

    layout: Layout
    headers: tuple[str, ...]
    sheets: tuple[str, ...]
    notes: tuple[str, ...]
    appended: tuple[tuple[str, int], ...]

    @property
    def done(self) -> int:
        """How far one has come."""

    @property
    def total(self) -> int:
        """How far there is to go."""

    def batches(
        self, tally: Tally, quick: bool = False
    ) -> Iterator[list[Record]] | Iterator[list[Record] | Passed]:
        """The records, many at a time."""


def opened(path: Path, layout: Layout, block: int = BLOCK) -> Table:
    """The file as a table; raises UnreadableError where it is none, or hostile."""
    try:
        if path.exists() and not path.is_file():
            raise UnreadableError("is not a file")
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise UnreadableError(_no_access(error)) from None
    if not start:
        raise UnreadableError("is empty")
    kind = _book(path, start)
    _check_name(path, layout, kind)
    table: Table
    if kind:
        from revops_site.kernel.reading.workbooks import WorkbookTable

        table = WorkbookTable(path, _as_book(layout, kind))
    else:
        table = TextTable(path, layout, block)
    return Unguarded(table) if REASONS in table.headers else table


def _book(path: Path, start: bytes) -> Format:
    """Which workbook it is, checked; empty for text."""
    if start.startswith(archives.ZIP):
        return archives.checked(path)
    if start.startswith(containers.OLE):
        containers.check(path)
        return "xls"
    return ""


def _check_name(path: Path, layout: Layout, kind: Format) -> None:
    """Whether the file is what its name says; a format that is told says more."""
    suffix = path.suffix.lower()
    if layout.format:
        if kind and kind != layout.format:
            raise UnreadableError(f"is an .{kind} workbook, not {layout.format}")
        if not kind and layout.format in BOOKS:
            raise UnreadableError(f"is not an .{layout.format} workbook")
    elif suffix in _MACRO_NAMES:
        raise UnreadableError("is a kind of workbook that can hold macros; save it as .xlsx")
    elif kind and suffix in (*_TEXT_NAMES, *_BOOK_NAMES) and suffix != f".{kind}":
        raise UnreadableError(
            f"is an .{kind} workbook, though its name ends in {suffix}; give it its right name"
        )
    elif not kind and suffix in _BOOK_NAMES:
        raise UnreadableError(
            f"is not a workbook, though its name ends in {suffix}; "
            "save it as .xlsx, or name it .csv"
        )
    if layout.sheets and not kind:
        raise UnreadableError("has no sheets: it is text")


def _as_book(layout: Layout, kind: Format) -> Layout:
    """The layout without what is said of text alone."""
    return replace(layout, format=kind, encoding="", delimiter="", compressed=None, widths=())


def _no_access(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    return f"cannot be read: {error.strerror or error}"
