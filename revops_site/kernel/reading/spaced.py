"""Lines of columns that blanks or fixed places part, as records."""

from __future__ import annotations

import re
from itertools import accumulate

from revops_site.kernel.reading.records import Record, cleaned, in_trouble, shortened
from revops_site.kernel.reading.texts import unusable

_RULES = frozenset("-=_+| \t")


class Spaced:
    """Blocks of whole lines as lists of records of ``width`` fields; ``line`` lines came before.

    With ``widths`` each column has its place, else runs of at least ``blanks`` blanks part them.
    Lines of dashes, as under the headers of database consoles, are no records.
    """

    def __init__(
        self, widths: tuple[int, ...], blanks: int, width: int, line: int, encoding: str
    ) -> None:
        self.line = line
        self.is_between = True
        self._split = splitter(widths, blanks)
        self._width = width
        self._charset = encoding

    def records(self, block: str) -> list[Record]:
        """The records of this block."""
        found = []
        for text in block.split("\n")[:-1]:
            self.line += 1
            if text.strip() and not is_ruler(text):
                found.append(self._judged(text))
        return found

    def rest(self) -> list[Record]:
        """Nothing: every record ends with its line."""
        return []

    def _judged(self, text: str) -> Record:
        reason = unusable(text, self._charset)
        if not reason:
            fields = self._split(text)
            found = len(fields)
            if len(shortened(fields, self._width)) == self._width:
                return Record(self.line, fields)
            reason = f"has {found} fields where the header has {self._width}"
        return in_trouble(self.line, reason, text)


def is_ruler(text: str) -> bool:
    """Whether this is a line of dashes."""
    return "---" in text and _RULES.issuperset(text)


class _Fixed:
    def __init__(self, widths: tuple[int, ...]) -> None:
        starts = [0, *accumulate(widths)][: len(widths)]
        self._cuts = [slice(a, b) for a, b in zip(starts, [*starts[1:], None], strict=True)]

    def __call__(self, text: str) -> list[str]:
        return [cleaned(text[cut]) for cut in self._cuts]


class _Runs:
    def __init__(self, blanks: int) -> None:
        self._run = re.compile(r"\s+" if blanks == 1 else r"\s{2,}|\t\s*")

    def __call__(self, text: str) -> list[str]:
        return [cleaned(field) for field in self._run.split(cleaned(text))]


def splitter(widths: tuple[int, ...], blanks: int) -> _Fixed | _Runs:
    """What takes a line apart."""
    return _Fixed(widths) if widths else _Runs(blanks)
