"""Cells that no spreadsheet takes for a formula, and back: nothing of them is lost on the way.

Files of refused rows are given out so. Their last header tells them when they come back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from revops_site.kernel.reading.records import Record, Tally

if TYPE_CHECKING:
    from revops_site.kernel.reading.tables import Table

REASONS = "refused because"
# What begins with the guard itself gets one more of it, so that one can be taken off again.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@]")
# A number of less than 0 is no formula, and has to stay a number for whoever mends it.
_NUMBER = re.compile(r"[-+][\d.,]+%?")


def guarded(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was guarded."""
    return cell[1:] if _GUARDED.match(cell) else cell


class Unguarded:
    """A table of refused rows that has come back, its cells as they stood in the first file."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.headers = tuple(map(unguarded, table.headers))
        self.layout, self.sheets = table.layout, table.sheets
        self.notes, self.appended = table.notes, table.appended

    @property
    def done(self) -> int:
        """How far one has come."""
        return self._table.done

    @property
    def total(self) -> int:
        """How far there is to go."""
        return self._table.total

    def batches(self, tally: Tally, quick: bool = False) -> Iterator[list[Record]]:
        """The records, many at a time; each has to be looked at."""
        for batch in self._table.batches(tally):
            if isinstance(batch, list):
                yield [one._replace(fields=[*map(unguarded, one.fields)]) for one in batch]
