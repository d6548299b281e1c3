"""What the beginning of a file tells: whether it is plain CSV, its delimiter, its header."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from revops_site.kernel.reading import Layout, UnreadableError
from revops_site.kernel.reading.encodings import coded

HEAD = 64 * 1024
DELIMITERS = (",", ";", "\t")
# A row of this many columns fits a database page whatever its cells hold.
MOST_COLUMNS = 300
BOM = b"\xef\xbb\xbf"
TEXTS = ((False, "utf-8"), (False, "utf-8-sig"))


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


def plain_head(path: Path, known: Collection[str]) -> Head | None:
    """The head of a file of plain CSV in UTF-8; None for any other.

    ``known`` headers, in normal form, tell the delimiter. Raises OSError.
    """
    with path.open("rb") as stream:
        start = stream.read(HEAD)
    text = _header_text(start.removeprefix(BOM))
    if text is None or not _is_utf8(path):
        return None
    head = _parsed(start, text, known)
    mark = head.delimiter.encode()
    odd = mark + b' "' in start or start.count(b"\r") != start.count(b"\r\n") + (
        start[-1:] == b"\r"
    )
    return None if odd or len(head.fields) > MOST_COLUMNS else head


def _is_utf8(path: Path) -> bool:
    try:
        return coded(path, Layout()) in TEXTS
    except UnreadableError:
        return False


def _blank(body: bytes) -> int:
    """How many bytes of blank lines stand above the header."""
    blank = len(body) - len(body.lstrip(b" \t\r\n"))
    return body.rfind(b"\n", 0, blank) + 1


def _header_text(body: bytes) -> str | None:
    """The header as it stands, line end included; a quoted header may span lines."""
    end, body = 0, body[_blank(body) :]
    while True:
        next_end = body.find(b"\n", end) + 1
        end = next_end or len(body)
        if not next_end or body[:end].count(b'"') % 2 == 0:
            break
    header = body[:end]
    endless = not next_end and len(body) >= HEAD // 2
    if endless or not header.strip() or b"\0" in header or b"\r" in header.rstrip(b"\r\n"):
        return None
    try:
        return header.decode()
    except UnicodeDecodeError:
        return None


def _parsed(start: bytes, text: str, known: Collection[str]) -> Head:
    body = start.removeprefix(BOM)
    skipped = _blank(body)
    offset = len(start) - len(body) + skipped + len(text.encode())
    line = body[:skipped].count(b"\n") + text.count("\n")
    best = max((_split(text, delimiter) for delimiter in DELIMITERS), key=lambda s: _rank(s, known))
    return Head(best[0], best[1], offset, line)


def _split(text: str, delimiter: str) -> tuple[str, tuple[str, ...]]:
    fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    return delimiter, tuple(" ".join(field.split()) for field in fields)


def _rank(split: tuple[str, tuple[str, ...]], known: Collection[str]) -> tuple[int, int]:
    return sum(normal(field) in known for field in split[1]), len(split[1])
