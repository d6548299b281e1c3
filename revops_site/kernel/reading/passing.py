"""The quick way: a block of plain lines becomes lines for COPY without being taken apart."""

from __future__ import annotations

import re
from itertools import repeat

from revops_site.kernel.reading.records import BLANKS, ZERO_WIDTH
from revops_site.kernel.reading.texts import LONGEST, MARK

_ODD = re.compile(f"[{BLANKS}{ZERO_WIDTH}{MARK}]")
_ANYWHERE = '"\0\x0b\x0c\x1c\x1d\x1e\x1f'


class Passing:
    """Which blocks of lines can pass as they are, and how they come out."""

    def __init__(self, delimiter: str, width: int) -> None:
        self._delimiter = delimiter
        self._width = width
        anywhere = set(_ANYWHERE) - {delimiter}
        if delimiter != ",":
            anywhere.add(",")
        blanks = {" ", "\t"} - {delimiter}
        edges = {delimiter, "\n"}
        pairs = {blank + edge for blank in blanks for edge in edges}
        pairs |= {edge + blank for blank in blanks for edge in edges}
        likely = (delimiter + " ", '"')
        # What is likely is found at once; a character is sought quicker than two of them.
        self._odd = (*likely, *sorted(anywhere - {*likely}), *sorted(pairs - {*likely}))
        self._empty = "\n" + delimiter * (width - 1) + "\n"
        self._starts = (*blanks, *edges)

    def lines(self, block: str, line: int) -> tuple[str, int] | None:
        """Numbered lines for COPY and their number; None if one of them needs a closer look."""
        if (
            len(block) > LONGEST
            or block[0] in self._starts
            or any(odd in block for odd in self._odd)
            or self._empty in block
            or (not block.isascii() and _ODD.search(block))
        ):
            return None
        lines = block.split("\n")
        lines.pop()
        if set(map(str.count, lines, repeat(self._delimiter))) != {self._width - 1}:
            return None
        if self._delimiter != ",":
            lines = block.replace(self._delimiter, ",").split("\n")
            lines.pop()
        return "".join(map("%d,,,%s\n".__mod__, enumerate(lines, line + 1))), len(lines)
