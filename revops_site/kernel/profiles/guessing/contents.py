"""What the cells under a header look like: days, numbers, truth, currencies, or just words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from revops_site.kernel.profiles.days import Days
from revops_site.kernel.profiles.errors import normal
from revops_site.kernel.profiles.guessing import tongues
from revops_site.kernel.profiles.numbers import Numbers
from revops_site.kernel.profiles.profile import Target
from revops_site.kernel.profiles.words import CODES, NULLS, TRUTH
from revops_site.kernel.reading.records import cleaned

# Each family of formats, and the marks by which its cells differ from others'.
FORMATS = (
    "iso",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%m/%d/%y",
    "%d/%m/%y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%m-%d-%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%b %d, %Y",
    "%b %d %Y",
    "%d. %B %Y",
    "%b %Y",
    "%b-%y",
    "%Y-%m",
    "%m/%Y",
)
# Numbers may be such; only where a day is asked for by name are they taken for it.
COUNTED = ("%Y%m%d", "epoch_ms", "epoch")
STYLES = (
    (".", ""),
    (".", ","),
    (",", ""),
    (",", "."),
    (",", " "),
    (".", " "),
    (".", "'"),
)
MOSTLY = 0.8
LEAST_NUMBERS = 0.6
TEXTS = frozenset({"text", "rep", "team"})
DAYS = frozenset({"date", "instant", "month"})


@lru_cache(maxsize=200_000)
def is_day(format_: str, cell: str) -> bool:
    """Whether a cell is a day of this format, in a year that is believed."""
    moment = Days((format_,)).read(cell)
    return moment is not None and 1970 <= moment.day.year <= 2100


@lru_cache(maxsize=200_000)
def is_number(style: tuple[str, str], cell: str) -> bool:
    """Whether a cell is a number with these marks."""
    return _numbers(style).read(cell) is not None


@lru_cache
def _numbers(style: tuple[str, str]) -> Numbers:
    return Numbers(*style)


@dataclass(frozen=True)
class Cells:
    """The filled cells of a sample under a header."""

    header: str
    at: int
    all: tuple[str, ...]

    @cached_property
    def told(self) -> tuple[str, ...]:
        """Those that are no word for empty."""
        return tuple(cell for cell in self.all if cell.casefold() not in NULLS)

    @cached_property
    def distinct(self) -> Counter[str]:
        """How often each comes."""
        return Counter(self.told)

    def share(self, holds: Callable[[str], bool]) -> float:
        """For which share of the cells that tell something it holds."""
        count = sum(times for cell, times in self.distinct.items() if holds(cell))
        return count / len(self.told) if self.told else 0.0

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """The formats of days that are seen, the most frequent first; as few as will do."""
        return self.formats_among(FORMATS)

    def formats_among(self, formats: Sequence[str]) -> tuple[str, ...]:
        """The fewest of these formats that most cells have."""
        left = set(self.distinct)
        found: list[str] = []
        while left and len(found) < 3:
            counts = {one: sum(is_day(one, cell) for cell in left) for one in formats}
            best = max(counts, key=lambda one: counts[one])
            if not counts[best]:
                break
            found.append(best)
            left = {cell for cell in left if not is_day(best, cell)}
        return tuple(found)

    def days(self, formats: Iterable[str]) -> float:
        """The share of cells that are days of these formats."""
        known = tuple(formats)
        return self.share(lambda cell: any(is_day(one, cell) for one in known))

    @cached_property
    def numbers(self) -> float:
        """The share of cells that are numbers, in the style that suits them best."""
        return max(self.share(lambda cell, s=style: is_number(s, cell)) for style in STYLES)  # type: ignore[misc]

    @cached_property
    def is_days(self) -> float:
        """The share of cells that are days, however they are written."""
        return self.days(self.formats)

    @cached_property
    def may_be_days(self) -> float:
        """The share of cells that are days if they are asked for by name."""
        return self.days(COUNTED)

    @cached_property
    def truths(self) -> float:
        """The share of cells that say yes or no."""
        return self.share(lambda cell: normal(cell) in TRUTH)


def columns(headers: Sequence[str], records: Iterable[Sequence[str]]) -> list[Cells]:
    """The cells of a sample, by header."""
    kept = [fields for fields in records if len(fields) == len(headers)]
    return [
        Cells(header, at, tuple(filter(None, (cleaned(fields[at]) for fields in kept))))
        for at, header in enumerate(headers)
    ]


def suits(target: Target, cells: Cells) -> float:
    """From 0 to 1: how well the cells are what the kind wants; a half if there are none."""
    if not cells.told:
        return 0.5
    if target.kind in DAYS:
        return max(cells.is_days, 0.7 * cells.may_be_days)
    if target.kind in {"integer", "decimal"}:
        return cells.numbers if cells.numbers >= LEAST_NUMBERS else 0.0
    if target.kind == "boolean":
        return cells.truths if len(cells.distinct) <= 4 else 0.0
    if target.kind == "currency":
        return cells.share(lambda cell: cell.upper() in CODES)
    if target.kind == "choice":
        return _chosen(target, cells)
    return _text(target, cells)


def _chosen(target: Target, cells: Cells) -> float:
    known = {normal(one) for code, others in target.spellings.items() for one in (code, *others)}
    codes = tuple(target.spellings)
    share = cells.share(lambda cell: normal(cell) in known or bool(tongues.code(cell, codes)))
    return max(share, 0.35 if len(cells.distinct) <= 20 and cells.numbers < MOSTLY else 0.0)


def _text(target: Target, cells: Cells) -> float:
    if cells.is_days > MOSTLY:
        return 0.2
    if target.name.endswith("_id"):
        return 1.0 if target.kind == "rep" else 0.9
    if cells.numbers > MOSTLY:
        return 0.4 if target.kind == "text" else 0.2
    return 0.3 if cells.truths > MOSTLY and len(cells.distinct) > 1 else 1.0
