"""Old Excel workbooks, looked at before they are read: no macros, no password, not too large."""

from __future__ import annotations

import mmap
from pathlib import Path

from revops_site.kernel.reading.records import UnreadableError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST = 100 * 1024 * 1024
_ENTRY = 128

_NAMES = (
    ("EncryptedPackage", "is protected by a password; save it without one"),
    ("_VBA_PROJECT_CUR", "has macros; save it without them, as .xlsx"),
    ("_VBA_PROJECT", "has macros; save it without them, as .xlsx"),
    ("WordDocument", "is a Word document, not a table"),
    ("PowerPoint Document", "is a presentation, not a table"),
)


def check(path: Path) -> None:
    """Raises UnreadableError unless this is an old Excel workbook that can be read safely."""
    if path.stat().st_size > MOST:
        raise UnreadableError(f"is an old Excel workbook of more than {MOST >> 20} MB")
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
        for name, says in _NAMES:
            if _has_entry(view, name):
                raise UnreadableError(says)
        if not (_has_entry(view, "Workbook") or _has_entry(view, "Book")):
            raise UnreadableError("is an old Office file without a workbook in it, or damaged")


def _has_entry(view: mmap.mmap, name: str) -> bool:
    """Whether the directory names such a part.

    Its entries are 128 bytes each, wherever they are: the name, then its length in bytes.
    """
    coded = name.encode("utf-16-le") + b"\0\0"
    at = view.find(coded)
    while at >= 0:
        length = int.from_bytes(view[at + 64 : at + 66], "little")
        if at % _ENTRY == 0 and length == len(coded):
            return True
        at = view.find(coded, at + 2)
    return False
