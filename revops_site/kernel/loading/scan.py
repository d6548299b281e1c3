"""Bytes of a CSV file in, lines ready for COPY out; what is no record is set aside with a reason.

Each line that comes out starts with three columns of its own: the record's line number in the
file, the reason it was set aside for (empty for a good record), and how it begins (likewise).
Blocks without quotes, blanks and other oddities pass as they are; any other block is parsed.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from revops_site.kernel.reading.delimited import EMPTY_ROWS
from revops_site.kernel.reading.records import BLANKS, ZERO_WIDTH, Tally, cleaned, shortened

BLOCK = 256 * 1024
LONGEST = 1024 * 1024
SHOWN = 200
# So many unclosed quotes are a broken file: from then on no record is looked for past its line.
PATIENCE = 100
# Separators that Unicode counts as blanks: at the ends of a cell they do not count.
SEPARATORS = (b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f")
ODD = (b'"', b"\0", b"\r", b"\n ", b" \n", *SEPARATORS)
UNSEEN = tuple(letter.encode() for letter in BLANKS + ZERO_WIDTH)


class Scan:
    """An iterator over COPY-ready chunks; ``rows`` and ``done`` (bytes) count as it goes.

    ``stream`` stands at the first data line, which is number ``line + 1`` of the file; every
    record should have ``width`` fields. Records of empty fields alone are ``dropped``. Memory
    stays within a few blocks whatever the file holds.
    """

    def __init__(
        self, stream: BinaryIO, delimiter: str, width: int, line: int, done: int = 0, total: int = 0
    ) -> None:
        self.rows = 0
        self.done = done
        self.total = total
        self._tally = Tally()
        self.dropped, self.dropped_lines = self._tally.counts, self._tally.lines
        self._line = line
        self._unclosed = 0
        self._width = width
        self._delimiter = delimiter
        self._mark = delimiter.encode()
        blanks = [b" "] if delimiter == "\t" else [b" ", b"\t"]
        around = [(self._mark + blank, blank + self._mark) for blank in blanks]
        edges = [] if delimiter == "\t" else [b"\n\t", b"\t\n"]
        self._empty = self._mark * (width - 1) + b"\n"
        empty = [b"\n" + self._empty]
        odd = (*ODD, *empty, *edges, *(odd for pair in around for odd in pair))
        # A byte is found much faster than two of them.
        self._odd = tuple((_rarest(each, self._mark), each) for each in odd)
        self._blocks = self._read(stream)

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            plain = self._pass(block)
            yield self._parse(block) if plain is None else plain

    def _read(self, stream: BinaryIO) -> Iterator[bytes]:
        """Blocks of whole lines; a line without end is cut once it is longer than any record."""
        rest = b""
        while block := stream.read(BLOCK):
            self.done += len(block)
            cut = block.rfind(b"\n") + 1
            if not cut:
                rest = (rest + block)[: LONGEST + 1]
                continue
            whole = rest + block[:cut]
            yield whole.replace(b"\r\n", b"\n") if b"\r" in whole else whole
            rest = block[cut:]
        if rest:
            yield rest.removesuffix(b"\r") + b"\n"

    def _pass(self, block: bytes) -> bytes | None:
        """The block with numbered lines, or None if any of its lines needs a closer look."""
        if (
            len(block) > LONGEST
            or block[:1] in b"\n \t"
            or block.startswith(self._empty)
            or any(rare in block and odd in block for rare, odd in self._odd)
        ):
            return None
        if not block.isascii() and not (_is_utf8(block) and _is_seen(block)):
            return None
        lines = block[:-1].split(b"\n")
        inner, mark = self._width - 1, self._mark
        if any(line.count(mark) != inner for line in lines):
            return None
        numbered = enumerate(lines, self._line + 1)
        self._line += len(lines)
        self.rows += len(lines)
        template = b"%d" + mark * 3 + b"%b\n"
        return b"".join([template % pair for pair in numbered])

    def _parse(self, block: bytes) -> bytes:
        """The block record by record; reads on where a quoted field spans its end."""
        out = []
        lines = deque(block[:-1].split(b"\n"))
        while lines:
            line = lines.popleft()
            self._line += 1
            if not line.strip(b" \r"):
                continue
            number = self._line
            fields, reason = self._record(line, lines)
            if not reason and not any(fields):
                self._tally.add(EMPTY_ROWS, number)
                continue
            self.rows += 1
            if reason:
                begins = line[: 4 * SHOWN].decode(errors="replace").replace("\0", "\ufffd")[:SHOWN]
                out.append(self._line_of([str(number), reason, begins, *[""] * self._width]))
            else:
                out.append(self._line_of([str(number), "", "", *fields]))
        return "".join(out).encode()

    def _line_of(self, fields: list[str]) -> str:
        """A line for COPY: every field in quotes but the empty ones, which are null."""
        quoted = ['"' + field.replace('"', '""') + '"' if field else "" for field in fields]
        return self._delimiter.join(quoted) + "\n"

    def _record(self, line: bytes, following: deque[bytes]) -> tuple[list[str], str]:
        """The fields of the record that starts with ``line``, or the reason there are none."""
        if len(line) > LONGEST:
            return [], f"is longer than {LONGEST} bytes"
        if b"\0" in line:
            return [], "holds a NUL byte"
        if b'"' in line:
            fields, reason = self._quoted(line, following)
        else:
            text = line.decode(errors="surrogateescape")
            reason = "holds a carriage return" if b"\r" in line.rstrip(b"\r") else ""
            fields = text.split(self._delimiter)
        if reason:
            return [], reason
        if not _is_text(fields):
            return [], "is not UTF-8 text"
        found, fields = len(fields), [field.strip() for field in fields]
        if not all(map(str.isascii, fields)):
            fields = [cleaned(field) for field in fields]
        if len(shortened(fields, self._width)) != self._width:
            return [], f"has {found} fields where the header has {self._width}"
        return fields, ""

    def _quoted(self, line: bytes, following: deque[bytes]) -> tuple[list[str], str]:
        """A record with quotes, over as many lines as it takes.

        Where a quote is never closed only its own line is lost: the lines after it are put back.
        """
        taken: list[bytes] = []
        unclosed = False

        def record() -> Iterator[str]:
            nonlocal unclosed
            yield line.decode(errors="surrogateescape") + "\n"
            size = len(line) if self._unclosed < PATIENCE else LONGEST + 1
            while size <= LONGEST and self._more(following):
                taken.append(following.popleft())
                size += len(taken[-1]) + 1
                yield taken[-1].decode(errors="surrogateescape") + "\n"
            unclosed = True

        reason = ""
        fields: list[str] = []
        try:
            fields = next(csv.reader(record(), delimiter=self._delimiter))
        except csv.Error as error:
            reason = f"is not CSV: {error}"
        if unclosed:
            self._unclosed += 1
            reason = "opens a quote that is never closed"
        elif any(b"\0" in more for more in taken):
            reason = "holds a NUL byte"
        if reason:
            following.extendleft(reversed(taken))
        else:
            self._line += len(taken)
        return fields, reason

    def _more(self, lines: deque[bytes]) -> bool:
        """Whether there is a further line, reading the next block if need be."""
        if not lines and (block := next(self._blocks, None)) is not None:
            lines.extend(block[:-1].split(b"\n"))
        return bool(lines)


def _rarest(odd: bytes, mark: bytes) -> bytes:
    """The byte of these that plain blocks have least of."""
    return next((odd[at : at + 1] for at in range(len(odd)) if odd[at] not in b"\n" + mark), odd)


def _is_utf8(block: bytes) -> bool:
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_seen(block: bytes) -> bool:
    """Whether the block has neither blanks beyond ASCII nor zero-width letters."""
    return not any(letter in block for letter in UNSEEN)


def _is_text(fields: list[str]) -> bool:
    try:
        "".join(fields).encode()
    except UnicodeEncodeError:
        return False
    return True
