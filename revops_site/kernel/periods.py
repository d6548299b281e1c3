"""Calendar arithmetic: months, ISO weeks, fiscal quarters and years as half-open ranges of days.

Every result stays within the calendar's first and last day instead of raising.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

Comparison: TypeAlias = Literal["previous", "year"]

WEEKS_OF_QUARTER = 13
SAME_WEEKDAYS = 364  # the multiple of seven nearest to a year
TRAILING = {"30d": 30, "90d": 90, "365d": 365}
CALENDAR_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """The days from ``start`` up to, but not including, ``end``; the two may be equal."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"A period cannot end ({self.end}) before it starts ({self.start}).")

    @property
    def last_day(self) -> date:
        """The last day inside; of an empty period, the day before its start."""
        return plus(self.end, -1)

    @property
    def days(self) -> int:
        """How many days there are inside."""
        return (self.end - self.start).days

    def shifted(self, days: int) -> Period:
        """The same window, so many days later (earlier when negative)."""
        return Period(plus(self.start, days), plus(self.end, days))

    def until(self, day: date) -> Period:
        """The part up to and including ``day``; empty when the period starts later."""
        end = plus(day, 1)
        return Period(min(self.start, end), min(self.end, end))

    def first(self, days: int) -> Period | None:
        """The first ``days`` days; None when there are not so many."""
        return Period(self.start, plus(self.start, days)) if days <= self.days else None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end


def plus(day: date, days: int) -> date:
    """``day`` moved by ``days``, held at the ends of the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def one(day: date) -> Period:
    """That day alone."""
    return Period(day, plus(day, 1))


def month(day: date) -> Period:
    """The calendar month around ``day``."""
    return _calendar("month", day, 1)


def week(day: date) -> Period:
    """The ISO week around ``day``: Monday to Sunday."""
    monday = plus(day, -day.weekday())
    return Period(monday, plus(monday, 7))


def fiscal_quarter(day: date, first_month: int) -> Period:
    """The quarter around ``day`` of a fiscal year that starts in ``first_month`` (1 to 12)."""
    return _calendar("quarter", day, first_month)


def fiscal_year(day: date, first_month: int) -> Period:
    """The fiscal year around ``day``."""
    return _calendar("year", day, first_month)


def quarter_label(day: date, first_month: int) -> str:
    """``Q4 2024``: a fiscal year is named after the calendar year that it ends in."""
    into_year = (day.month - first_month) % 12
    last_month_of_year = day.year * 12 + day.month - 1 - into_year + 11
    return f"Q{into_year // 3 + 1} {last_month_of_year // 12}"


def quarter_code(day: date, first_month: int) -> str:
    """``2024Q4``, the same as an address says it."""
    name, year = quarter_label(day, first_month).split()
    return f"{year}{name}"


def coded_quarter(code: str, first_month: int) -> Period:
    """The quarter that a code such as ``2024Q4`` names."""
    year, number = int(code[:4]), int(code[5])
    first = (year if first_month == 1 else year - 1) * 12 + first_month - 1
    return fiscal_quarter(_first_of(first + 3 * (number - 1)), first_month)


def week_of_quarter(day: date, first_month: int) -> int:
    """1 to 13; the last week takes the days that are left over."""
    elapsed = (day - fiscal_quarter(day, first_month).start).days
    return min(WEEKS_OF_QUARTER, elapsed // 7 + 1)


def iso_week_label(day: date) -> str:
    """``2026-W01``, with the ISO year."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def month_label(day: date) -> str:
    """``2026-01``."""
    return f"{day.year:04d}-{day.month:02d}"


def resolve(code: str, as_of: date, first_month: int) -> Period | None:
    """The days that a period's code names as of a day; None for ``all``.

    ``this_*`` ends with ``as_of``, ``last_*`` is complete, ``30d`` and its like end with ``as_of``,
    ``365d_before`` are as many days before those: of who came then a whole year is known since.
    An unknown code raises ValueError.
    """
    if code == "all":
        return None
    if code == "365d_before":
        return Period(plus(as_of, 1 - 730), plus(as_of, 1 - 365))
    if code in TRAILING:
        return Period(plus(as_of, 1 - TRAILING[code]), plus(as_of, 1))
    which, _, unit = code.partition("_")
    if unit not in CALENDAR_MONTHS or which not in {"this", "last"}:
        raise ValueError(f"No period is called {code!r}.")
    if which == "this":
        return _calendar(unit, as_of, first_month).until(as_of)
    return _calendar(unit, as_of, first_month, months=-CALENDAR_MONTHS[unit])


def compared(
    code: str, period: Period | None, kind: Comparison, as_of: date, first_month: int
) -> Period | None:
    """The days that ``period``, which came from ``code``, is held against; always of equal footing.

    A complete month, quarter or year meets the complete one before it, or a year before it; a
    running one meets as many elapsed days of that, and nothing when that was shorter. Any other
    window meets the window just before it, or 364 days earlier so that the weekdays align.
    None when there is nothing to compare.
    """
    if period is None or not period.days:
        return None
    which, _, unit = code.partition("_")
    if unit not in CALENDAR_MONTHS:
        found = period.shifted(-period.days if kind == "previous" else -SAME_WEEKDAYS)
        return found if found.days == period.days else None
    back = -CALENDAR_MONTHS[unit] if kind == "previous" else -12
    before = _calendar(unit, period.start, first_month, months=back)
    whole = _calendar(unit, period.start, first_month)
    if which == "this" and as_of < whole.last_day:
        return before.first(period.days)
    return before if before.days else None


def _calendar(unit: str, day: date, first_month: int, months: int = 0) -> Period:
    """The month, fiscal quarter or fiscal year around ``day``, moved by whole months."""
    length = CALENDAR_MONTHS[unit]
    into_unit = (day.month - first_month) % 12 % length
    start = day.year * 12 + day.month - 1 - into_unit + months
    return Period(_first_of(start), _first_of(start + length))


def _first_of(month_number: int) -> date:
    """The first day of a month counted from the year 0, held at the ends of the calendar."""
    year, month0 = divmod(month_number, 12)
    if year < date.min.year:
        return date.min
    return date(year, month0 + 1, 1) if year <= date.max.year else date.max
