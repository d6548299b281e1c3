"""Records that are none: totals, the header once more, and exact repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from revops_site.kernel.profiles.errors import ProfileError, normal
from revops_site.kernel.profiles.profile import Profile
from revops_site.kernel.reading import Record
from revops_site.kernel.reading.records import cleaned

TOTALS = "total rows"
HEADERS = "header rows again"
REPEATS = "exact repeats"
MOST_REMEMBERED = 3_000_000


class Drops:
    """Says of each record why it is dropped; nothing for one that stays."""

    def __init__(
        self, profile: Profile, headers: Sequence[str], most: int = MOST_REMEMBERED
    ) -> None:
        """Repeats are found among so many records at ``most``."""
        begins = "|".join(re.escape(normal(one)) for one in profile.drop)
        self._most = most
        self._begins = re.compile(rf"(?:{begins})(?![^\W_])") if begins else None
        self._headers = [normal(header) for header in headers]
        named = [at for at, header in enumerate(self._headers) if header]
        self._first = named[0] if named and profile.headers_again == "drop" else -1
        self._first_header = headers[self._first].casefold() if self._first >= 0 else ""
        self._least = max(1, (len(named) + 1) // 2)
        self._seen: set[bytes] | None = set() if profile.repeats == "drop" else None

    def __call__(self, record: Record) -> str:
        """Why this record is dropped; empty where it stays."""
        if self._begins is not None and self._is_total(record):
            return TOTALS
        fields = record.fields
        if self._first >= 0 and fields and self._is_header(fields):
            return HEADERS
        if self._seen is not None and fields and self._is_repeat(self._seen, fields):
            return REPEATS
        return ""

    def _is_total(self, record: Record) -> bool:
        """A total may be short of fields: then how it begins has to do."""
        assert self._begins is not None
        first = next(filter(None, record.fields), "") or record.begins.lstrip(" ,;|\t\"'")
        return self._begins.match(normal(cleaned(first))) is not None

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
