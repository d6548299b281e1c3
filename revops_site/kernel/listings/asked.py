"""What an address asks of a long table; what it cannot mean is left out, with a sentence."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from unicodedata import category
from urllib.parse import parse_qs

from revops_site.kernel.listings.listing import COUNTED, SIZES, Listing

Pair: TypeAlias = tuple[str, str]

LONGEST_SEARCH = 200
MOST_WORDS = 8
LARGEST_PAGE = 10**9
MOST_PARTS = 1000
QUOTED = 40
UNPRINTABLE = {"Cc", "Cs"}  # control characters; halves of characters


@dataclass(frozen=True)
class Asked:
    """The choices that an address makes of one listing; what is at its default is empty.

    ``q`` are words to be found, ``sort`` a column (``-name`` for the largest first), ``group`` the
    column that rows are grouped by, ``within`` the value of the one group that is open ("" for
    the rows without one), None for all groups; ``columns`` are those to show, in the listing's
    order; ``flags`` the quick filters in force; ``usual`` is the size of the listing's own pages.
    """

    q: str = ""
    sort: str = ""
    page: int = 1
    size: int = SIZES[0]
    group: str = ""
    within: str | None = None
    columns: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    usual: int = field(default=SIZES[0], compare=False)
    notices: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @staticmethod
    def parse(query: str, listing: Listing, others: Collection[str] = ()) -> Asked:
        """The choices of a raw query string, as far as the listing knows them.

        ``others`` are the columns that other tables of the page may be ordered by.
        """
        return _Reading(query, listing, others).asked()

    @property
    def words(self) -> Sequence[str]:
        """What is looked for: each of them."""
        return self.q.split()[:MOST_WORDS]

    @property
    def is_grouped(self) -> bool:
        """Groups are shown instead of rows."""
        return bool(self.group) and self.within is None

    @property
    def narrows(self) -> bool:
        """Whether some rows of the slice are left out."""
        return bool(self.q or self.flags or self.within is not None)

    def replace(self, **changes: Any) -> Asked:
        """The same with some choices changed, from the first page on unless it is chosen."""
        return dataclasses.replace(self, **{"page": 1, "notices": (), **changes})

    def pairs(self) -> Iterator[Pair]:
        """The same as parts of an address, without what is at its default."""
        single = {"q": self.q, "sort": self.sort, "group": self.group}
        yield from ((name, text) for name, text in single.items() if text)
        if self.within is not None:
            yield "in", self.within
        yield from (("flag", name) for name in self.flags)
        yield from (("column", name) for name in self.columns)
        if self.size != self.usual:
            yield "size", str(self.size)
        if self.page > 1:
            yield "page", str(self.page)


class _Reading:
    """One address being read, and what there is to say about it."""

    def __init__(self, query: str, listing: Listing, others: Collection[str]) -> None:
        self.listing, self.others = listing, others
        self.notices: list[str] = []
        try:
            self.given = parse_qs(query, keep_blank_values=True, max_num_fields=MOST_PARTS)
        except ValueError:
            self.given = {}  # the filters say so

    def asked(self) -> Asked:
        group = self._group()
        return Asked(
            q=self._search(),
            usual=self.listing.sizes[0],
            sort=self._sort(),
            page=self._page(),
            size=self._size(),
            group=group,
            within=self._within(group),
            columns=self._columns(),
            flags=self._known("flag", self.listing.flags, "Quick filter"),
            notices=tuple(dict.fromkeys(self.notices)),
        )

    def _search(self) -> str:
        text = self._last("q")
        plain = _printable(text)
        if plain != text:
            self.notices.append("Unprintable characters were left out of the search.")
        if len(plain) > LONGEST_SEARCH:
            self.notices.append(f"Only the first {LONGEST_SEARCH} characters are searched for.")
        words = plain[:LONGEST_SEARCH].split()
        if len(words) > MOST_WORDS:
            self.notices.append(f"Only the first {MOST_WORDS} words are searched for.")
        if words and not self.listing.search:
            return ""
        return " ".join(words[:MOST_WORDS])

    def _sort(self) -> str:
        sort = self._last("sort")
        name = sort.removeprefix("-")
        known = {*self.listing.names, *([COUNTED.name] if self.listing.groups else [])}
        if name in known:
            return "" if sort == self.listing.sort else sort
        if sort and name not in self.others:
            self.notices.append(f"Order {_quoted(sort)} is unknown; showing the default.")
        return ""

    def _page(self) -> int:
        text = self._last("page") or "1"
        if text.isascii() and text.isdigit() and int(text[:20]) > 0:
            return min(int(text[:20]), LARGEST_PAGE)
        self.notices.append(f"Page {_quoted(text)} is no whole number; showing the first.")
        return 1

    def _size(self) -> int:
        known = self.listing.sizes
        text = self._last("size") or str(known[0])
        if text in {str(size) for size in known}:
            return int(text)
        *others, last = map(str, known)
        self.notices.append(
            f"A page holds {', '.join(others)} or {last} rows, not {_quoted(text)}."
        )
        return known[0]

    def _group(self) -> str:
        text = self._last("group")
        if not text or text in self.listing.groups:
            return text
        self.notices.append(f"Rows cannot be grouped by {_quoted(text)}; showing them one by one.")
        return ""

    def _within(self, group: str) -> str | None:
        """The group that is open; a form names its column too, as it may change both at once."""
        if not group or "in" not in self.given:
            return None
        text = _printable(self._last("in"))[:LONGEST_SEARCH]
        column, colon, value = text.partition(":")
        if not colon or column not in self.listing.groups:
            return text
        return value if column == group else None

    def _columns(self) -> tuple[str, ...]:
        """None where they are those that are shown anyway; the first is always shown."""
        listing = self.listing
        chosen = self._known("column", listing.names, "Column")
        shown = tuple(name for name in listing.names if name in {listing.names[0], *chosen})
        return shown if chosen and shown != listing.default else ()

    def _known(self, key: str, known: Collection[str], noun: str) -> tuple[str, ...]:
        wanted = [text for text in dict.fromkeys(self.given.get(key, [])) if text]
        strange = [text for text in wanted if text not in known]
        self.notices += [f"{noun} {_quoted(text)} is unknown; it was left out." for text in strange]
        return tuple(name for name in known if name in wanted)

    def _last(self, key: str) -> str:
        """The last value of a key that can be given once."""
        return self.given.get(key, [""])[-1].strip()


def _printable(text: str) -> str:
    """The text, with a space for whatever has no shape."""
    return "".join(" " if category(one) in UNPRINTABLE else one for one in text)


def _quoted(text: str) -> str:
    shown = _printable(text[: QUOTED + 1])
    return f"“{shown[: QUOTED - 1] + '…' if len(shown) > QUOTED else shown}”"
