"""The times of a question: "last quarter", "in May", "since 1 March", as days on a calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from revops_site.kernel import periods
from revops_site.kernel.filters import Filters
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
COUNTS = {
    **{"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8},
    **{"nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple": 2},
}
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
LAST = {"last", "previous", "prior", "past", "trailing", "preceding", "recent"}
THIS = {"thi", "this", "current", "running"}
UNITS = {"day", "week", "month", "quarter", "year"}
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
SHORT = {"ytd": "year", "qtd": "quarter", "mtd": "month", "wtd": "week"}
TO = {"to", "until", "till", "through", "and"}
CODES = ("this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class Clock:
    """The day that the data end on, and the first month of the fiscal year."""

    as_of: date
    first_month: int = 1


@dataclass(frozen=True)
class When:
    """Days that were asked for: whole ones, by ``unit``; ``code`` where a filter has the words."""

    period: Period
    unit: str
    code: str = ""

    def filters(self, clock: Clock) -> dict[str, object]:
        """The same as choices of the filters; custom days end with the data."""
        code = self.code or self._coded(clock)
        if code:
            return {"period": code}
        shown = self.period.until(clock.as_of)
        return {"period": "custom", "start": shown.start, "end": shown.last_day}

    def _coded(self, clock: Clock) -> str:
        if self.unit not in LENGTHS:
            return ""
        for code in CODES:
            which, _, unit = code.partition("_")
            back = 0 if which == "this" else -1
            if self.period == calendar(unit, clock.as_of, clock.first_month, back):
                return code
        return ""

    def before(self, clock: Clock) -> When | None:
        """The month, quarter or year before; None where a filter compares on its own."""
        if self.unit not in LENGTHS or self.code or self._coded(clock):
            return None
        return self.step(clock, -1)

    def step(self, clock: Clock, by: int) -> When:
        """As many units later."""
        first = clock.first_month if self.unit != "month" else 1
        return replace(self, period=calendar(self.unit, self.period.start, first, by), code="")

    def lies_ahead(self, clock: Clock) -> bool:
        """Whether nothing of it has happened."""
        return self.period.start > clock.as_of


def calendar(unit: str, day: date, first_month: int, by: int = 0) -> Period:
    """The month, fiscal quarter or fiscal year around a day, or so many later."""
    length = LENGTHS[unit]
    into = (day.month - first_month) % 12 % length
    start = day.year * 12 + day.month - 1 - into + by * length
    return Period(_first(start), _first(start + length))


def _first(months: int) -> date:
    year, month = divmod(months, 12)
    return date(min(max(year, 1), 9999), month + 1, 1)


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
    if any(_year(one) for one in said) or any("-" in one for one in said):
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
    for way in (_relative, _part, _month, _year_alone, _day):
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
        many, when = _month(found, at + 1, clock) or (0, None)
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
        start = _first(end.year * 12 + end.month - 1 - months)
        return When(Period(plus(start, end.day - 1), end), "days")
    days = many * (7 if unit == "week" else 1)
    code = f"{days}d" if days in {30, 90, 365} else ""
    return When(Period(plus(end, -days), end), "days", code)


def _part(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    """A quarter or a half of a year: ``q3``, ``q3 2025``, ``first half``."""
    word, many = found[at], 1
    rest = found[at + 1 : at + 2]
    number, length = 0, 0
    if len(word) == 2 and word[0] in "qh" and word[1].isdecimal():
        number, length = int(word[1]), 3 if word[0] == "q" else 6
    elif len(word) == 6 and word[4] == "q" and word[5].isdecimal() and _year(word[:4]):
        quarter = _quarter(int(word[5]), 3, _year(word[:4]), clock)
        return (1, quarter) if quarter else None
    elif word in ORDINALS and rest and rest[0] in {"quarter", "half"}:
        number, length, many = ORDINALS[word], 3 if rest[0] == "quarter" else 6, 2
    if not number:
        return None
    step = at + many
    if step + 1 < len(found) and found[step] in {"of", "in", "fy", "fiscal"}:
        if year := _year(found[step + 1]):
            when = _quarter(number, length, year, clock)
            return (many + 2, when) if when else None
    year = _year(found[step]) if step < len(found) else 0
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
    if not year and _first(start) > clock.as_of:
        start -= 12
    return When(Period(_first(start), _first(start + length)), "quarter" if length == 3 else "days")


def _month(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    """A month, and a day of one: ``may``, ``may 2025``, ``1 feb``, ``feb 1 2026``."""
    word = found[at]
    rest = list(found[at + 1 : at + 3])
    if (day := _of_month(word)) and rest and rest[0] in NAMED:
        year = _year(rest[1]) if len(rest) > 1 else 0
        when = _dated(day, NAMED[rest[0]], year, clock)
        return (2 + bool(year), when) if when else None
    if word not in NAMED:
        return None
    if rest and (day := _of_month(rest[0])) and not _year(rest[0]):
        year = _year(rest[1]) if len(rest) > 1 else 0
        when = _dated(day, NAMED[word], year, clock)
        return (2 + bool(year), when) if when else None
    year = _year(rest[0]) if rest else 0
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


def _year_alone(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    word, rest = found[at], found[at + 1 : at + 3]
    if year := _year(word) or (_year(word[2:]) if word.startswith("fy") else 0):
        return 1, _whole_year(year, clock)
    if word == "fy" and rest and (year := _year(rest[0])):
        return 2, _whole_year(year, clock)
    if word in {"fiscal", "financial", "calendar"} and rest:
        many = 2 if rest[0] == "year" and len(rest) > 1 else 1
        if year := _year(rest[many - 1]):
            return many + 1, _whole_year(year, clock)
    return None


def _whole_year(year: int, clock: Clock) -> When:
    own = calendar("year", clock.as_of, clock.first_month)
    by = year - plus(own.end, -1).year
    return When(calendar("year", clock.as_of, clock.first_month, by), "year")


def _year(word: str) -> int:
    """``2025`` or ``fy25`` or ``fy2025``; 0 for what is no year."""
    bare = word.removeprefix("fy")
    if bare != word and len(bare) == 2 and bare.isdecimal():
        return 2000 + int(bare)
    is_year = len(bare) == 4 and bare.isdecimal() and FIRST_YEAR <= int(bare) <= LAST_YEAR
    return int(bare) if is_year else 0


def _day(found: Sequence[str], at: int, clock: Clock) -> tuple[int, When] | None:
    try:
        return 1, When(periods.one(date.fromisoformat(found[at])), "day")
    except ValueError:
        return None


def said(asked: Filters) -> bool:
    """Whether the filters name a time."""
    return asked.period is not None or asked.as_of is not None or asked.quarter is not None
