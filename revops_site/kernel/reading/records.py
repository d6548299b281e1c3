"""What reading gives: records of text, what one look tells of a file, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from revops_site.kernel.reading.layouts import Layout

SHOWN = 200
LISTED = 20
# Neither blanks nor anything else: what copying from web pages and word processors leaves behind.
_JOINERS = "\u200c\u200d"  # within a word they are part of how it is written
_UNSEEN = "\xad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
ZERO_WIDTH = _JOINERS + _UNSEEN
BLANKS = "\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_EDGES = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f" + BLANKS + ZERO_WIDTH
_CLEANED = str.maketrans(dict.fromkeys(_UNSEEN, "") | dict.fromkeys(BLANKS, " "))
_NO_LETTER = re.compile("[\0\ud800-\udfff]")


class UnreadableError(Exception):
    """The file as a whole cannot be read; the text says why, to follow the file's name."""


class Record(NamedTuple):
    """One record: its line in the file, from 1, and its fields; or the ``trouble`` that it has.

    Fields are ``cleaned``. A record in trouble has none; ``begins`` then shows how it begins. A
    sheet's line is its row; where several sheets are read, they count on as if they stood below
    each other.
    """

    line: int
    fields: list[str]
    trouble: str = ""
    begins: str = ""


@dataclass(frozen=True)
class Looked:
    """What one look tells: a layout with nothing left open, the headers, the first records.

    ``appended`` are the sheets whose records follow each other, if there are several, each with
    the number of lines that are counted before it.
    """

    layout: Layout
    headers: tuple[str, ...]
    sample: tuple[Record, ...] = ()
    sheets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    appended: tuple[tuple[str, int], ...] = ()


@dataclass
class Tally:
    """How many records were left out on purpose, by reason, and the first lines of each."""

    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def add(self, reason: str, line: int) -> None:
        """Count one more."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        if len(listed := self.lines.setdefault(reason, [])) < LISTED:
            listed.append(line)


def cleaned(text: str) -> str:
    """Text without what nobody sees: odd blanks are plain ones, and none is at its ends."""
    return text.strip() if text.isascii() else text.translate(_CLEANED).strip(_EDGES)


def in_trouble(line: int, reason: str, text: str) -> Record:
    """A record that has no fields, for this reason; ``text`` is what it is in the file."""
    return Record(line, [], reason, _NO_LETTER.sub("\ufffd", text[:SHOWN]))


def shortened(fields: list[str], width: int) -> list[str]:
    """Fields without the empty ones at the end that are too many."""
    while len(fields) > width and not fields[-1]:
        fields.pop()
    return fields


def named(header: Iterable[str]) -> tuple[str, ...]:
    """The headers of a row: each on one line, and by its number where it is empty."""
    words = (" ".join(cleaned(each).split()) for each in header)
    return tuple(name or f"column {at}" for at, name in enumerate(words, 1))
