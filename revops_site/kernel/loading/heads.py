"""What the beginning of a file tells: that it is text, its delimiter, its header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

HEAD = 64 * 1024
DELIMITERS = (",", ";", "\t")
# A row of this many columns fits a database page whatever its cells hold.
MOST_COLUMNS = 300

MAGIC = (
    (b"PK\x03\x04", "is an Excel workbook or a zip archive, not CSV; save it as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook, not CSV; save it as CSV (UTF-8)"),
    (b"\xff\xfe", "is UTF-16, not UTF-8; save it as CSV (UTF-8)"),
    (b"\xfe\xff", "is UTF-16, not UTF-8; save it as CSV (UTF-8)"),
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"%PDF", "is a PDF, not CSV"),
)


class UnreadableError(Exception):
    """The file as a whole cannot be read; the text says why, to follow the file's name."""


@dataclass(frozen=True)
class Head:
    """A header row, and where the rows after it begin: byte ``offset``, after ``line`` lines."""

    delimiter: str
    fields: tuple[str, ...]
    offset: int
    line: int


def normal(header: str) -> str:
    """A header as it is compared: case, blanks, dashes and underscores do not count."""
    return re.sub(r"[\s_-]+", "_", header.strip().casefold())


def read_head(path: Path, known: Collection[str]) -> Head:
    """The head of a CSV file; ``known`` headers, in normal form, tell the delimiter.

    Raises UnreadableError when it is empty, no text, or has no header.
    """
    with path.open("rb") as stream:
        start = stream.read(HEAD)
    for magic, says in MAGIC:
        if start.startswith(magic):
            raise UnreadableError(says)
    if not start.removeprefix(b"\xef\xbb\xbf").strip():
        raise UnreadableError("is empty")
    return _parse(start, known)


def _parse(start: bytes, known: Collection[str]) -> Head:
    bom = 3 if start.startswith(b"\xef\xbb\xbf") else 0
    body = start[bom:]
    blank = len(body) - len(body.lstrip(b" \t\r\n"))
    skipped = body.rfind(b"\n", 0, blank) + 1
    text = _header_text(body[skipped:])
    offset = bom + skipped + len(text.encode())
    line = body[:skipped].count(b"\n") + text.count("\n")
    best = max((_split(text, delimiter) for delimiter in DELIMITERS), key=lambda s: _rank(s, known))
    if len(best[1]) > MOST_COLUMNS:
        raise UnreadableError(f"has {len(best[1])} columns; at most {MOST_COLUMNS} can be read")
    return Head(best[0], best[1], offset, line)


def _header_text(body: bytes) -> str:
    """The header as it stands, line end included; a quoted header may span lines."""
    end = 0
    while True:
        next_end = body.find(b"\n", end) + 1
        end = next_end or len(body)
        if not next_end or body[:end].count(b'"') % 2 == 0:
            break
    header = body[:end]
    if b"\0" in header:
        raise UnreadableError("is a binary file, not CSV")
    if b"\r" in header.rstrip(b"\r\n"):
        raise UnreadableError("ends its lines with CR alone; save it with LF or CRLF")
    if not next_end and len(body) >= HEAD // 2:
        raise UnreadableError("has no header row: its first line does not end")
    try:
        return header.decode()
    except UnicodeDecodeError:
        raise UnreadableError("has a header that is not UTF-8; save it as CSV (UTF-8)") from None


def _split(text: str, delimiter: str) -> tuple[str, tuple[str, ...]]:
    fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    return delimiter, tuple(" ".join(field.split()) for field in fields)


def _rank(split: tuple[str, tuple[str, ...]], known: Collection[str]) -> tuple[int, int]:
    return sum(normal(field) in known for field in split[1]), len(split[1])
