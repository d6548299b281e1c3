"""Times by their own names: quarters, halves, months, days and years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from insights.analytics.asking.calendars import Clock, When, calendar, first_of
from revops_site.kernel import periods
from revops_site.kernel.periods import Period, plus

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
NAMED = {
    **{name: nth for nth, name in enumerate(MONTHS, 1)},
    **{name[:3]: nth for nth, name in enumerate(MONTHS, 1)},
    "sept": 9,
}
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
}
FIRST_YEAR, LAST_YEAR = 1990, 2100


def read_part(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    """A quarter or a half of a year: ``q3``, ``q3 2025``, ``first half``."""
    word, many = found[at], 1
    rest = found[at + 1 : at + 2]
    number, length = 0, 0
    if len(word) == 2 and word[0] in "qh" and word[1].isdecimal():
        number, length = int(word[1]), 3 if word[0] == "q" else 6
    elif len(word) == 6 and word[4] == "q" and word[5].isdecimal() and year_of(word[:4]):
        quarter = _quarter(int(word[5]), 3, year_of(word[:4]), clock)
        return (1, quarter) if quarter else None
    elif word in ORDINALS and rest and rest[0] in {"quarter", "half"}:
        number, length, many = ORDINALS[word], 3 if rest[0] == "quarter" else 6, 2
    if not number:
        return None
    step = at + many
    follows = step + 1 < len(found) and found[step] in {"of", "in", "fy", "fiscal"}
    if follows and (year := year_of(found[step + 1])):
        when = _quarter(number, length, year, clock)
        return (many + 2, when) if when else None
    year = year_of(found[step]) if step < len(found) else 0
    when = _quarter(number, length, year, clock)
    return (many + bool(year), when) if when else None


def _quarter(number: int, length: int, year: int, clock: Clock) -> When | None:
    """That part of a fiscal year, else of the last year in which it has begun."""
    if not 1 <= number <= 12 // length:
        return None
    own = calendar("year", clock.as_of, clock.first_month)
    named = plus(own.end, -1).year
    start = own.start.year * 12 + own.start.month - 1 + length * (number - 1)
    start += 12 * ((year or named) - named)
    if not year and first_of(start) > clock.as_of:
        start -= 12
    return When(
        Period(first_of(start), first_of(start + length)), "quarter" if length == 3 else "days"
    )


def read_month(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    """A month, and a day of one: ``may``, ``may 2025``, ``1 feb``, ``feb 1 2026``."""
    word = found[at]
    rest = list(found[at + 1 : at + 3])
    if (day := _of_month(word)) and rest and rest[0] in NAMED:
        year = year_of(rest[1]) if len(rest) > 1 else 0
        when = _dated(day, NAMED[rest[0]], year, clock)
        return (2 + bool(year), when) if when else None
    if word not in NAMED:
        return None
    if rest and (day := _of_month(rest[0])) and not year_of(rest[0]):
        year = year_of(rest[1]) if len(rest) > 1 else 0
        when = _dated(day, NAMED[word], year, clock)
        return (2 + bool(year), when) if when else None
    year = year_of(rest[0]) if rest else 0
    start = _latest(NAMED[word], 1, year, clock)
    return (1 + bool(year), When(periods.month(start), "month")) if start else None


def _of_month(word: str) -> int:
    bare = word[:-2] if word[-2:] in {"st", "nd", "rd", "th"} else word
    return int(bare) if bare.isdecimal() and len(bare) < 3 and 1 <= int(bare) <= 31 else 0


def _dated(day: int, month: int, year: int, clock: Clock) -> When | None:
    found = _latest(month, day, year, clock)
    return When(periods.one(found), "day") if found else None


def _latest(month: int, day: int, year: int, clock: Clock) -> date | None:
    """That day of the year, else of the last year in which it has come."""
    try:
        found = date(year or clock.as_of.year, month, day)
        if not year and found > clock.as_of:
            found = date(found.year - 1, month, day)
    except ValueError:
        return None
    return found


def read_year(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    word, rest = found[at], found[at + 1 : at + 3]
    if year := year_of(word) or (year_of(word[2:]) if word.startswith("fy") else 0):
        return 1, _whole_year(year, clock)
    if word == "fy" and rest and (year := year_of(rest[0])):
        return 2, _whole_year(year, clock)
    if word in {"fiscal", "financial", "calendar"} and rest:
        many = 2 if rest[0] == "year" and len(rest) > 1 else 1
        if year := year_of(rest[many - 1]):
            return many + 1, _whole_year(year, clock)
    return None


def _whole_year(year: int, clock: Clock) -> When:
    own = calendar("year", clock.as_of, clock.first_month)
    by = year - plus(own.end, -1).year
    return When(calendar("year", clock.as_of, clock.first_month, by), "year")


def year_of(word: str) -> int:
    """``2025`` or ``fy25`` or ``fy2025``; 0 for what is no year."""
    bare = word.removeprefix("fy")
    if bare != word and len(bare) == 2 and bare.isdecimal():
        return 2000 + int(bare)
    is_year = len(bare) == 4 and bare.isdecimal() and FIRST_YEAR <= int(bare) <= LAST_YEAR
    return int(bare) if is_year else 0


def read_day(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    try:
        return 1, When(periods.one(date.fromisoformat(found[at])), "day")
    except ValueError:
        return None
