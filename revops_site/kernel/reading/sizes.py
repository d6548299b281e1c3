"""Whether a file is small once it is unpacked, told without unpacking more than that."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import BinaryIO

from revops_site.kernel.reading.archives import ZIP
from revops_site.kernel.reading.records import UnreadableError
from revops_site.kernel.reading.texts import BLOCK, GZIP, opened


def is_small(path: Path, size: int, lines: int) -> bool:
    """Whether it unpacks to ``size`` bytes and, of text, ``lines`` lines at most.

    What cannot be unpacked, or is not there, is not small.
    """
    try:
        with path.open("rb") as stream:
            start = stream.read(len(ZIP))
        if path.stat().st_size > size:
            return False
        if start == ZIP:
            with zipfile.ZipFile(path) as archive:
                return sum(part.file_size for part in archive.infolist()) <= size
        return _is_small_text(path, start.startswith(GZIP), size, lines)
    except (OSError, ValueError, zipfile.BadZipFile, UnreadableError):
        return False


def _is_small_text(path: Path, packed: bool, size: int, lines: int) -> bool:
    stack: list[BinaryIO] = []
    try:
        source = opened(path, packed, stack)
        while size >= 0 and lines >= 0 and (block := source.read(BLOCK)):
            size -= len(block)
            lines -= max(block.count(b"\n"), block.count(b"\r"))
        return size >= 0 and lines >= 0
    finally:
        for stream in stack:
            stream.close()
