"""The times of a question: "last quarter", "in May", "since 1 March", as days on a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from insights.analytics.asking.calendars import LENGTHS, Clock, When, calendar, first_of
from insights.analytics.asking.dates import (
    NAMED,
    read_day,
    read_month,
    read_part,
    read_year,
    year_of,
)
from revops_site.kernel import periods
from revops_site.kernel.periods import Period, plus

COUNTS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "couple": 2,
}
LAST = {"last", "previous", "prior", "past", "trailing", "preceding", "recent"}
THIS = {"thi", "this", "current", "running"}
UNITS = {"day", "week", "month", "quarter", "year"}
SHORT = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
TO = {"to", "until", "till", "through", "and"}


def read(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    """The time that begins at this word, with how many words it takes; None where none does."""
    return _range(found, at, clock) or _one(found, at, clock)


def _range(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    word = found[at]
    if word == "since":
        one = _one(found, at + 1, clock)
        if one is None:
            return None
        many, when = one
        return many + 1, _between(when.period.start, clock.as_of)
    opens = word in {"from", "between"}
    one = _one(found, at + opens, clock) if at + opens < len(found) else None
    if one is None:
        return None
    many, first = one
    joint = at + opens + many
    is_joined = joint < len(found) and found[joint] in (TO if opens else TO - {"and"})
    other = _one(found, joint + 1, clock) if is_joined else None
    if other is None:
        return None
    more, last = other
    begin = _year_of(found[at + opens : joint], first, last)
    if begin > last.period.last_day:
        return None
    return joint + 1 + more - at, _between(begin, last.period.last_day)


def _year_of(said: Sequence[str], first: When, last: When) -> date:
    """The first day of a range: a bare day or month takes the year of the last one."""
    start = first.period.start
    if any(year_of(one) for one in said) or any("-" in one for one in said):
        return start
    try:
        in_year = start.replace(year=last.period.start.year)
    except ValueError:
        return start
    if in_year <= last.period.last_day:
        return in_year
    return in_year.replace(year=in_year.year - 1) if (start.month, start.day) != (2, 29) else start


def _between(first: date, last: date) -> When:
    return When(Period(first, plus(last, 1)), "days")


def _one(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    if at >= len(found):
        return None
    for way in (_relative, read_part, read_month, read_year, read_day):
        if (one := way(found, at, clock)) is not None:
            return one
    return None


def _relative(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    word, rest, today = found[at], found[at + 1 : at + 4], clock.as_of
    if word == "today":
        return 1, When(periods.one(today), "day")
    if word == "yesterday":
        return 1, When(periods.one(plus(today, -1)), "day")
    if word in SHORT:
        return 1, _unit(SHORT[word], clock, 0)
    if word in UNITS and [*rest[:2]] == ["to", "date"]:
        return 3, _unit(word, clock, 0)
    if word == "all" or [word, *rest[:1]] == ["ever", "since"]:
        return None
    fiscal = 1 if rest[:1] and rest[0] in {"fiscal", "financial", "calendar", "full"} else 0
    unit = rest[fiscal] if len(rest) > fiscal else ""
    unit = "year" if unit == "fy" else unit
    if word in THIS and unit in UNITS - {"day"}:
        return 2 + fiscal, _unit(unit, clock, 0)
    if word == "next" and unit in LENGTHS:
        return 2 + fiscal, _unit(unit, clock, 1)
    if word == "past" and unit in UNITS:
        return 2 + fiscal, _trailing(1, unit, clock)
    if word in LAST and unit in UNITS - {"day"}:
        return 2 + fiscal, _unit(unit, clock, -1)
    if word in {*LAST, *THIS} and unit in NAMED and not fiscal:
        many, when = read_month(found, at + 1, clock) or (0, None)
        return (many + 1, when) if when else None
    many = _count(unit)
    if word in LAST and many and len(rest) > 1 and (of := rest[1]) in UNITS:
        if of == "quarter" or (of == "year" and many > 1):
            whole = calendar(of, today, clock.first_month, -many).start
            end = calendar(of, today, clock.first_month, -1).end
            return 3, When(Period(whole, end), "days")
        return 3, _trailing(many, of, clock)
    return None


def _count(word: str) -> int:
    many = int(word) if word.isdecimal() and len(word) < 4 else COUNTS.get(word, 0)
    return many if many <= 750 else 0


def _unit(unit: str, clock: Clock, by: int) -> When:
    if unit == "week":
        return When(periods.week(plus(clock.as_of, 7 * by)), "week")
    first = clock.first_month if unit != "month" else 1
    return When(calendar(unit, clock.as_of, first, by), unit)


def _trailing(many: int, unit: str, clock: Clock) -> When:
    """So many days, weeks or months that end with the data."""
    end = plus(clock.as_of, 1)
    if unit in {"month", "year", "quarter"}:
        months = many * LENGTHS[unit]
        if months == 12:
            return When(Period(plus(end, -365), end), "days", "365d")
        if months == 1:
            return When(Period(plus(end, -30), end), "days", "30d")
        if months == 3:
            return When(Period(plus(end, -90), end), "days", "90d")
        start = first_of(end.year * 12 + end.month - 1 - months)
        return When(Period(plus(start, end.day - 1), end), "days")
    days = many * (7 if unit == "week" else 1)
    code = f"{days}d" if days in {30, 90, 365} else ""
    return When(Period(plus(end, -days), end), "days", code)
