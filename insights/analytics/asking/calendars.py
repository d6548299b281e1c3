"""Days on a calendar that a question can mean, and as what a filter knows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from revops_site.kernel.periods import Period

LENGTHS = {"month": 1, "quarter": 3, "year": 12}
CODES = ("this_month", "last_month", "this_quarter", "last_quarter", "this_year", "last_year")


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
    return Period(first_of(start), first_of(start + length))


def first_of(months: int) -> date:
    year, month = divmod(months, 12)
    return date(min(max(year, 1), 9999), month + 1, 1)
