"""Bytes of a text file in any encoding, packed or not, as blocks of whole lines.

Every line ends with LF, whatever it ended with; bytes that are no text come out as ``MARK``.
The blocks differ with the size that is read at once, the lines never do.
"""

from __future__ import annotations

import codecs
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from revops_site.kernel.reading.records import UnreadableError

BLOCK = 256 * 1024
LONGEST = 1024 * 1024
LONGER = f"is longer than {LONGEST} characters"
# What unpacks to less than this may be packed as well as it likes.
SMALL = 16 * 1024 * 1024
MOST_RATIO = 100
GZIP = b"\x1f\x8b"
MARK = "\udc80"

codecs.register_error("mark", lambda error: (MARK, getattr(error, "end", 0)))


class Bytes(Protocol):
    """Bytes with a measure of how far one has come."""

    done: int

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""


class Plain:
    """A file's bytes as they are; ``done`` counts them."""

    def __init__(self, stream: BinaryIO) -> None:
        self.done = 0
        self._stream = stream

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end."""
        block = self._stream.read(size)
        self.done += len(block)
        return block


class Gunzip:
    """A gzip file's bytes, unpacked within limits; ``done`` counts the packed ones."""

    def __init__(self, stream: BinaryIO) -> None:
        self.done = 0
        self._stream = stream
        self._packed = b""
        self._taken = 0
        self._given = 0
        self._member = zlib.decompressobj(wbits=31)
        self._inside = True

    def read(self, size: int) -> bytes:
        """The next bytes; none at the end. Raises UnreadableError at a bomb or a broken end."""
        while True:
            ended = not self._packed and not self._fill()
            if ended and not self._inside:
                return b""
            if not self._inside and not self._next_member():
                continue
            block = self._step(size)
            if block:
                return block
            if ended and self._inside:
                raise UnreadableError("is compressed, and cut off: its end is missing")

    def _fill(self) -> bool:
        self._packed = self._stream.read(BLOCK)
        self._taken += len(self._packed)
        return bool(self._packed)

    def _next_member(self) -> bool:
        self._packed = self._packed.lstrip(b"\0")  # some pad their files
        self._member = zlib.decompressobj(wbits=31)
        self._inside = bool(self._packed)
        return self._inside

    def _step(self, size: int) -> bytes:
        try:
            block = self._member.decompress(self._packed, size)
        except zlib.error:
            raise UnreadableError("is compressed, and damaged: it cannot be unpacked") from None
        self._inside = not self._member.eof
        self._packed = self._member.unconsumed_tail or self._member.unused_data
        self._given += len(block)
        self.done = self._taken - len(self._packed)
        check_ratio(self.done, self._given)
        return block


def check_ratio(packed: int, unpacked: int) -> None:
    """Raise UnreadableError for what only a bomb has."""
    if unpacked > SMALL and unpacked > MOST_RATIO * packed:
        raise UnreadableError(
            f"is compressed more than {MOST_RATIO} times, as no real export is; unpack it first"
        )


def opened(path: Path, compressed: bool, stack: list[BinaryIO]) -> Bytes:
    """A file's bytes; the open file goes onto ``stack``, to be closed."""
    stream = path.open("rb", buffering=0)
    stack.append(stream)
    if not compressed:
        return Plain(stream)
    return Gunzip(stream)


def check_packed(path: Path) -> None:
    """Raise UnreadableError for a gzip file that is a bomb by its first blocks or its last bytes.

    What only looks like one, because its end is missing, is told by unpacking it.
    """
    with path.open("rb", buffering=0) as stream:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(max(0, size - 4))
        says = int.from_bytes(stream.read(4), "little")
        stream.seek(0)
        source = Gunzip(stream)
        given = 0
        while given <= SMALL and (block := source.read(4 * BLOCK)):
            given += len(block)
        if says > max(SMALL, MOST_RATIO * size) or given > MOST_RATIO * source.done:
            while source.read(4 * BLOCK):
                pass


def blocks(source: Bytes, encoding: str, size: int = BLOCK) -> Iterator[str]:
    """Blocks of whole lines; a line without end is cut once it is longer than any record."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)(errors="mark"), translate=True
    )
    rest: list[str] = []
    held = 0
    ended = False
    while not ended:
        data = source.read(size)
        ended = not data
        text = decoder.decode(data, final=ended)
        cut = text.rfind("\n") + 1
        if cut:
            yield "".join((*rest, text[:cut]))
            rest, held = [], 0
        if cut < len(text) and held <= LONGEST:
            rest.append(text[cut : cut + LONGEST + 1 - held])
            held += len(rest[-1])
    if held:
        yield "".join(rest) + "\n"


def without_lines(texts: Iterator[str], number: int) -> Iterator[str]:
    """The blocks without the first ``number`` lines."""
    for text in texts:
        at, missing = 0, number
        while missing and at < len(text):
            at = text.index("\n", at) + 1
            missing -= 1
        number = missing
        if at < len(text):
            yield text[at:] if at else text


def unusable(text: str, encoding: str) -> str:
    """Why the text of a record can be none, as a reason; empty where it can."""
    if len(text) > LONGEST:
        return LONGER
    if "\0" in text:
        return "holds a NUL byte"
    return f"is not {charset(encoding)} text" if MARK in text else ""


def charset(encoding: str) -> str:
    """An encoding as people call it."""
    name = encoding.lower().replace("_", "-").removesuffix("-sig")
    return "Windows-1252" if name == "cp1252" else name.upper()
