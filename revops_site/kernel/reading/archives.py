"""Zip files, looked at before anything is made of them: which workbook it is, and no bomb.

The directory is checked before it is read, sizes before they are unpacked, and what is unpacked
is counted; nothing is kept.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from revops_site.kernel.reading.records import UnreadableError

ZIP = b"PK\x03\x04"
MOST_PARTS = 500
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 100
SMALL = 10 * 1024 * 1024
_MOST_DIRECTORY = 1024 * 1024
_STEP = 1024 * 1024

_DAMAGED = "is a damaged zip archive or workbook"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MACROS = re.compile(r"vbaproject|(?:^|/)macrosheets/|^basic/|^scripts/", re.IGNORECASE)
_OTHERS = (
    ("xl/workbook.bin", "is a binary Excel workbook (.xlsb); save it as .xlsx"),
    ("word/document.xml", "is a Word document, not a table"),
    ("ppt/presentation.xml", "is a presentation, not a table"),
    ("Index/Document.iwa", "is a Numbers document; save it as .xlsx or CSV"),
)


def checked(path: Path) -> Literal["xlsx", "ods"]:
    """``xlsx`` or ``ods``; raises UnreadableError for anything else and anything hostile."""
    try:
        with path.open("rb") as stream:
            _check_directory(stream)
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _check_parts(parts, path.stat().st_size)
            kind = _kind(archive, {part.filename for part in parts})
        with path.open("rb") as stream:
            for part in parts:
                _check_content(stream, part)
        return kind
    except (BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError):
        raise UnreadableError(_DAMAGED) from None


def _check_directory(stream: BinaryIO) -> None:
    """Whether the directory at the end is one that can be read at all."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 66_000))
    end = stream.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        raise UnreadableError(f"{_DAMAGED}: its end is missing")
    parts = int.from_bytes(end[at + 10 : at + 12], "little")
    directory = int.from_bytes(end[at + 12 : at + 16], "little")
    if end[max(0, at - 20) : at].startswith(b"PK\x06\x07"):
        stream.seek(min(size, int.from_bytes(end[at - 12 : at - 4], "little")))
        large = stream.read(56)
        parts = int.from_bytes(large[32:40], "little")
        directory = int.from_bytes(large[40:48], "little")
    if parts > MOST_PARTS or directory > _MOST_DIRECTORY:
        raise UnreadableError(f"is a zip of more than {MOST_PARTS} parts, as no workbook is")


def _check_parts(parts: list[ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS:
        raise UnreadableError(f"is a zip of more than {MOST_PARTS} parts, as no workbook is")
    if any(_MACROS.search(part.filename) for part in parts):
        raise UnreadableError("has macros; save it without them, as .xlsx")
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableError("is protected by a password; save it without one")
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise UnreadableError("is a zip packed in an unusual way; save it anew")
    if len({part.filename for part in parts}) < len(parts):
        raise UnreadableError("is a zip with two parts of the same name")
    _check_size(sum(part.file_size for part in parts), size)


def _check_size(unpacked: int, packed: int) -> None:
    if unpacked > MOST_UNPACKED:
        raise UnreadableError(f"is a zip that unpacks to more than {MOST_UNPACKED >> 20} MB")
    if unpacked > max(SMALL, MOST_RATIO * packed):
        raise UnreadableError(f"is a zip that unpacks to more than {MOST_RATIO} times its size")


def _kind(archive: ZipFile, names: set[str]) -> Literal["xlsx", "ods"]:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and archive.open("mimetype").read(200).startswith(_ODS):
        return "ods"
    says = next((says for name, says in _OTHERS if name in names), "")
    raise UnreadableError(says or "is a zip archive; unpack it first")


def _check_content(stream: BinaryIO, part: ZipInfo) -> None:
    """Whether a part is as large as the directory says, and its XML has no DTD."""
    size, kept = 0, b""
    for block in _unpacked(stream, part):
        size += len(block)
        if size > part.file_size:
            raise UnreadableError("is a zip with a part larger than it says")
        plain = block.replace(b"\0", b"") if b"\0" in block else block  # UTF-16
        if _is_xml(part.filename) and _DTD.search(kept + plain):
            raise UnreadableError("has a document type definition, as no workbook needs")
        kept = plain[-16:]


def _unpacked(stream: BinaryIO, part: ZipInfo) -> Iterator[bytes]:
    """A part's bytes up to their true end, which Python's own reader would cut off."""
    stream.seek(part.header_offset)
    local = stream.read(30)
    if not local.startswith(ZIP) or len(local) < 30:
        raise BadZipFile
    stream.seek(int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little"), 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-15)
    while left > 0 and (data := stream.read(min(left, _STEP // 4))):
        left -= len(data)
        if part.compress_type == ZIP_STORED:
            yield data
            continue
        while data and not inflate.eof:
            yield inflate.decompress(data, _STEP)
            data = inflate.unconsumed_tail


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))
