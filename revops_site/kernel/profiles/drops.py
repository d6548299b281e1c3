"""Records that are none: totals, the header once more, and exact repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from revops_site.kernel.profiles.errors import ProfileError, normal
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.profile import Profile
from revops_site.kernel.profiles.words import TOTAL
from revops_site.kernel.reading import Record
from revops_site.kernel.reading.records import cleaned

TOTALS = "total rows"
BEGUN = "rows that begin as the profile says"
HEADERS = "header rows again"
REPEATS = "exact repeats"
# What may follow a word for a total that is alone in its cell.
ALONE = re.compile(r"_*(?::.*|[.=*]*_*(?:\([^()]*\))?_*)")
APART = re.compile(r"[,;|\t]")
STYLES = (Numbers(".", ","), Numbers(",", "."), Numbers(",", " "), Numbers(".", "'"))
MOST_REMEMBERED = 3_000_000


class Beginnings:
    """Says of a record why it is dropped for how its first filled cell begins.

    A word for a total drops only what looks like a total: the word is alone in its cell, stands
    before a colon, or nearly all of the record is empty but for numbers. Other words drop whatever
    begins with them.
    """

    def __init__(self, words: Iterable[str], width: int) -> None:
        """``width`` is how many headers there are."""
        self._width = width
        known = list(words)
        totals = [word for word in known if TOTAL.fullmatch(word.strip().rstrip(":"))]
        self._total = _beginning(totals)
        self._other = _beginning([word for word in known if word not in totals])

    def __call__(self, record: Record) -> str:
        """Why this record is dropped; empty where it stays. It may be short of fields."""
        cells = record.fields or [one.strip(" '\"") for one in APART.split(record.begins)]
        at = next((at for at, cell in enumerate(cells) if cell), len(cells))
        first = normal(cleaned(cells[at])) if at < len(cells) else ""
        if self._other is not None and self._other.match(first):
            return BEGUN
        found = self._total.match(first) if self._total is not None else None
        if found is None:
            return ""
        alone = ALONE.fullmatch(first, found.end()) is not None
        return TOTALS if alone or self._is_bare(cells[at + 1 :], at) else ""

    def _is_bare(self, others: Sequence[str], before: int) -> bool:
        filled = [cell for cell in others if cell]
        texts = [cell for cell in filled if not any(style.read(cell) for style in STYLES)]
        empty = max(self._width, before + 1 + len(others)) - 1 - len(filled)
        return empty > 0 and empty >= 3 * len(texts)


def _beginning(words: Iterable[str]) -> re.Pattern[str] | None:
    either = "|".join(re.escape(normal(word).rstrip("_:")) for word in words)
    return re.compile(rf"(?:{either})(?![^\W_])") if either else None


class Drops:
    """Says of each record why it is dropped; nothing for one that stays."""

    def __init__(
        self, profile: Profile, headers: Sequence[str], most: int = MOST_REMEMBERED
    ) -> None:
        """Repeats are found among so many records at ``most``."""
        self._most = most
        self._beginnings = Beginnings(profile.drop, len(headers)) if profile.drop else None
        self._headers = [normal(header) for header in headers]
        named = [at for at, header in enumerate(self._headers) if header]
        self._first = named[0] if named and profile.headers_again == "drop" else -1
        self._first_header = headers[self._first].casefold() if self._first >= 0 else ""
        self._least = max(1, (len(named) + 1) // 2)
        self._seen: set[bytes] | None = set() if profile.repeats == "drop" else None

    def __call__(self, record: Record) -> str:
        """Why this record is dropped; empty where it stays."""
        if self._beginnings is not None:
            why = self._beginnings(record)
            if why:
                return why
        fields = record.fields
        if self._first >= 0 and fields and self._is_header(fields):
            return HEADERS
        if self._seen is not None and fields and self._is_repeat(self._seen, fields):
            return REPEATS
        return ""

    def _is_header(self, fields: list[str]) -> bool:
        first = fields[self._first]
        if first.casefold() != self._first_header and first:
            return False
        filled = 0
        for field, header in zip(fields, self._headers, strict=False):
            if field and normal(cleaned(field)) != header:
                return False
            filled += bool(field)
        return filled >= self._least

    def _is_repeat(self, seen: set[bytes], fields: list[str]) -> bool:
        whole = "\x1f".join(fields).encode(errors="surrogatepass")
        digest = blake2b(whole, digest_size=16).digest()
        if digest in seen:
            return True
        if len(seen) >= self._most:
            says = f"repeats can be found among {self._most:,} records, and there are more"
            raise ProfileError(f"repeats: {says}")
        seen.add(digest)
        return False
