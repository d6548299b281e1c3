"""What the reading process says to the one that started it: frames of a kind, a size, bytes."""

from __future__ import annotations

import json
from struct import Struct
from typing import IO, Any, BinaryIO

LOOKED = b"L"
CHUNK = b"C"
ENDED = b"E"
UNREADABLE = b"U"
FAILED = b"F"

HEAD = Struct(">cI")
COUNTS = Struct(">QQQ")
MOST = 64 * 1024 * 1024


def write(out: BinaryIO, kind: bytes, data: bytes) -> None:
    """Say one thing."""
    out.write(HEAD.pack(kind, len(data)))
    out.write(data)
    out.flush()


def write_plain(out: BinaryIO, kind: bytes, plain: Any) -> None:
    """Say one thing, as JSON."""
    write(out, kind, json.dumps(plain).encode())


def read(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The next kind and its bytes; None at the end, also where it comes in the middle of one."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size = HEAD.unpack(head)
    if size > MOST:
        return None
    data = stream.read(size)
    return (kind, data) if len(data) == size else None
