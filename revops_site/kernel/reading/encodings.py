"""What the first bytes of a file tell: packed or not, of which encoding, or no table at all."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import BinaryIO

from revops_site.kernel.reading.layouts import Layout
from revops_site.kernel.reading.records import UnreadableError
from revops_site.kernel.reading.texts import GZIP, Bytes, check_packed, opened

HEAD = 256 * 1024
# So much is looked through for the first letter that is not ASCII.
FAR = 64 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"%PDF", "is a PDF, not a table"),
    (b"\x89PNG", "is a picture, not a table"),
    (b"\xff\xd8\xff", "is a picture, not a table"),
    (b"PAR1", "is a Parquet file; save it as CSV"),
    (b"SQLite format 3", "is an SQLite database; save its table as CSV"),
    (b"{\\rtf", "is a text document, not a table"),
    (b"BZh", "is compressed with bzip2; unpack it, or compress it with gzip"),
    (b"\xfd7zXZ", "is compressed with xz; unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd; unpack it, or compress it with gzip"),
    (b"7z\xbc\xaf", "is a 7z archive; unpack it first"),
    (b"Rar!", "is a RAR archive; unpack it first"),
    (b"PK\x03\x04", "is compressed, and holds a zip archive; unpack it first"),
    (GZIP, "is compressed twice; unpack it first"),
)
_MARKUP = re.compile(rb"\s*<(?:!doctype|html|table|head|body|\?xml|!--|meta)", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{])")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROLS = bytes({*range(1, 32)} - {*b"\t\n\x0b\x0c\r\x1a\x1c\x1d\x1e\x1f\x01"})


def coded(path: Path, layout: Layout) -> tuple[bool, str]:
    """Whether the file is packed, and its encoding.

    Raises UnreadableError where it is empty or nothing that lines of text could be.
    """
    stack: list[BinaryIO] = []
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == GZIP
        if layout.compressed and not packed:
            raise UnreadableError("is not compressed with gzip, as its profile says")
        packed = packed if layout.compressed is None else layout.compressed
        encoding = _encoding(opened(path, packed, stack), layout.encoding)
        if packed:
            check_packed(path)
        return packed, encoding
    finally:
        for each in stack:
            each.close()


def _encoding(source: Bytes, told: str) -> str:
    start = _read(source, HEAD)
    for kind, says in _KINDS:
        if start.startswith(kind):
            raise UnreadableError(says)
    marked, body = "", start
    for mark, name in _MARKS:
        if start.startswith(mark):
            marked, body = name, start.removeprefix(mark)
            break
    if not body.strip():
        raise UnreadableError("is empty")
    wide = told if told and "a".encode(told) != b"a" else ""
    if marked.startswith(("utf-16", "utf-32")):
        wide = marked
    if wide := wide or _wide(body):
        body = start.decode(wide, "ignore").encode("utf-8", "ignore")
    _check_text(body[:4096])
    return told or marked or wide or _narrow(body, source)


def _read(source: Bytes, size: int) -> bytes:
    parts = []
    while size > 0 and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: of Latin letters every other byte is none."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    half = len(start) / 2
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.05 * half else ""


def _check_text(first: bytes) -> None:
    if _MARKUP.match(first):
        raise UnreadableError("is a web page or XML, not a table; save it as CSV or .xlsx")
    if _JSON.match(first):
        raise UnreadableError("is JSON, not a table; save it as CSV")
    odd = len(first) - len(first.translate(None, _CONTROLS)) + first.count(0)
    if odd > max(2, len(first) // 20):
        raise UnreadableError("is a binary file, not text")


def _narrow(start: bytes, source: Bytes) -> str:
    """UTF-8, or Windows-1252 where it cannot be: by the first letters that are not ASCII."""
    seen = len(start)
    while start.isascii() and seen < FAR and (more := _read(source, HEAD)):
        start = more
        seen += len(more)
    good = sum(map(len, _UTF8.findall(start)))
    bad = len(start.translate(None, bytes(range(128)))) - good
    # A letter that the end cuts in two is not bad.
    return "utf-8" if good > bad or bad <= 0 or _is_cut(start) else "cp1252"


def _is_cut(start: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True
