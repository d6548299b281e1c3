"""Lines of delimited text in, records out; what is no record comes out as trouble with a reason.

A record that does not end within reason (its quote is never closed, or swallows good lines)
costs one line only: reading goes on at the line after. The result is the same however the lines
come in blocks.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain, count, repeat
from typing import Any

from revops_site.kernel.reading.records import (
    BLANKS,
    ZERO_WIDTH,
    Record,
    Tally,
    cleaned,
    in_trouble,
    shortened,
)
from revops_site.kernel.reading.texts import LONGER, LONGEST, MARK, unusable

# So many stray quotes are a broken file: from then on no record is looked for past its line.
PATIENCE = 100
EMPTY_ROWS = "empty rows"
_END = "end\n"
_ODD = re.compile(f"[{BLANKS}{ZERO_WIDTH}{MARK}]")

csv.field_size_limit(4 * LONGEST)


class Delimited:
    """Blocks of whole lines as lists of records of ``width`` fields; ``line`` lines came before."""

    def __init__(
        self, delimiter: str, width: int, line: int, encoding: str, tally: Tally | None = None
    ) -> None:
        self.line = line
        self._delimiter = delimiter
        self._width = width
        self._charset = encoding
        self._tally = tally if tally is not None else Tally()
        self._open: list[str] = []
        self._strays = 0

    @property
    def is_between(self) -> bool:
        """Whether the next line begins a record."""
        return not self._open

    def records(self, block: str) -> list[Record]:
        """The records that end within this block."""
        lines = block.split("\n")
        lines.pop()
        if self._open:
            lines = self._open + lines
            self._open = []
        elif records := self._regular(block, lines):
            return records
        elif '"' not in block:
            return list(self._plain(lines))
        return list(self._quoted(lines, final=False))

    def rest(self) -> list[Record]:
        """The records that are left when there are no more blocks."""
        lines, self._open = self._open, []
        return list(self._quoted(lines, final=True))

    def _regular(self, block: str, lines: list[str]) -> list[Record] | None:
        """The records of a block in which each line is one, and nothing is wrong with any."""
        if len(block) > LONGEST or "\0" in block or (not block.isascii() and _is_odd(block)):
            return None
        if '"' in block:
            if self._strays >= PATIENCE:
                return None
            rows = list(self._reader(lines))
            if len(rows) != len(lines) + 1 or rows.pop() != ["end"]:
                return None
        else:
            rows = [text.split(self._delimiter) for text in lines]
        if set(map(len, rows)) != {self._width}:
            return None
        rows = [[*map(str.strip, row)] for row in rows]
        if not all(row[0] for row in rows):
            return None
        first = self.line + 1
        self.line += len(rows)
        whole = zip(count(first), rows, repeat(""), repeat(""), strict=False)
        return [*map(tuple.__new__, repeat(Record), whole)]

    def _plain(self, lines: list[str]) -> Iterator[Record]:
        """Records of lines that have no quote in them."""
        for text in lines:
            self.line += 1
            fields = [field.strip() for field in text.split(self._delimiter)]
            if (record := self._judged(self.line, text, fields)) is not None:
                yield record

    def _quoted(self, lines: list[str], final: bool) -> Iterator[Record]:
        """Records of lines some of which have quotes; keeps one that is open at the end."""
        at = 0
        while at < len(lines):
            if self._strays >= PATIENCE:
                yield from self._alone(lines[at:])
                return
            stop = at
            for fields, end in self._parsed(lines[at:], at):
                if end > len(lines) or end - stop > 1:
                    if end > len(lines) and not final and _size(lines[stop:]) <= LONGEST:
                        self._open = lines[stop:]
                        return
                    if end > len(lines) or self._is_stray(lines[stop:end], fields):
                        yield self._stray(lines[stop])
                        stop += 1
                        break
                if (record := self._taken(lines[stop:end], fields)) is not None:
                    yield record
                stop = end
            at = stop

    def _parsed(self, lines: list[str], before: int) -> Iterator[tuple[list[str], int]]:
        """Each record's fields and the place of the line after it.

        That place is past the end where the record is still open when the lines end.
        """
        reader = self._reader(lines)
        for fields in reader:
            end = reader.line_num
            if end > len(lines) and fields == ["end"]:
                return
            yield fields, before + end

    def _reader(self, lines: Iterable[str]) -> Any:
        ended = chain(map(str.__add__, lines, repeat("\n")), (_END,))
        return csv.reader(ended, delimiter=self._delimiter, skipinitialspace=True)

    def _alone(self, lines: list[str]) -> Iterator[Record]:
        """Records of lines each of which is one or none."""
        for text in lines:
            rows = list(self._reader([text]))
            if len(rows) == 1:
                yield self._stray(text)
            elif (record := self._taken([text], rows[0])) is not None:
                yield record

    def _is_stray(self, lines: list[str], fields: list[str]) -> bool:
        """Whether a quote has swallowed lines that are good records of their own."""
        if len(lines[0]) > LONGEST or _size(lines) > LONGEST:
            return True
        if len(shortened([*fields], self._width)) == self._width:
            return False
        alone = next(self._reader([lines[1]]))
        return self._width > 1 and len(alone) == self._width

    def _stray(self, text: str) -> Record:
        self._strays += 1
        self.line += 1
        reason = "opens a quote that is never closed"
        return in_trouble(self.line, LONGER if len(text) > LONGEST else reason, text)

    def _taken(self, lines: list[str], fields: list[str]) -> Record | None:
        line = self.line + 1
        self.line += len(lines)
        text = lines[0] if len(lines) == 1 else "\n".join(lines)
        return self._judged(line, text, [field.strip() for field in fields])

    def _judged(self, line: int, text: str, fields: list[str]) -> Record | None:
        """The record at ``line``, in trouble or not; None where it is empty."""
        if not text or text.isspace():
            return None
        if reason := unusable(text, self._charset):
            return in_trouble(line, reason, text)
        if not text.isascii() and _is_odd(text):
            fields = [cleaned(field) for field in fields]
        if not any(fields):
            self._tally.add(EMPTY_ROWS, line)
            return None
        found, width = len(fields), self._width
        if len(shortened(fields, width)) != width:
            return in_trouble(line, f"has {found} fields where the header has {width}", text)
        return Record(line, fields)


def _size(lines: list[str]) -> int:
    return sum(map(len, lines)) + len(lines)


def _is_odd(text: str) -> bool:
    """Whether there is anything in it that needs a closer look."""
    return _ODD.search(text) is not None
