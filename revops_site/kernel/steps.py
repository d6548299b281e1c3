"""The period beside the one that is shown: the next calendar unit, or a window of its length."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from revops_site.kernel import periods
from revops_site.kernel.filters import PERIODS, Filters
from revops_site.kernel.periods import CALENDAR_MONTHS, TRAILING, Period


def stepped(
    asked: Filters, code: str, as_of: date, first_month: int, *, later: bool
) -> dict[str, Any] | None:
    """The changes to ``asked`` that go one period on or back, None where there is no such period.

    ``code`` is the period in force, which may be the page's own. A period that has a name is
    called by it; none begins after ``as_of``.
    """
    whole = _whole(asked, code, as_of, first_month)
    if whole is None or not whole.days:
        return None
    moved = _moved(whole, first_month, later=later)
    if moved.start > as_of or moved.days < 1:
        return None
    for name in (*(name for name in PERIODS if name not in TRAILING), *TRAILING):
        if _whole(Filters(), name, as_of, first_month) == moved:
            return {"period": name, "start": None, "end": None}
    return {"period": "custom", "start": moved.start, "end": moved.last_day}


def _whole(asked: Filters, code: str, as_of: date, first_month: int) -> Period | None:
    """All days of a period, those after ``as_of`` too."""
    if code == "custom":
        if asked.start is None or asked.end is None:
            return None
        return Period(asked.start, periods.plus(asked.end, 1))
    which, _, unit = code.partition("_")
    if which == "this" and unit in CALENDAR_MONTHS:
        return _units(first_month)[unit](as_of)
    return periods.resolve(code, as_of, first_month)


def _moved(whole: Period, first_month: int, *, later: bool) -> Period:
    for around in _units(first_month).values():
        if around(whole.start) == whole:
            return around(whole.end if later else periods.plus(whole.start, -1))
    return whole.shifted(whole.days if later else -whole.days)


def _units(first_month: int) -> dict[str, Callable[[date], Period]]:
    return {
        "month": periods.month,
        "quarter": lambda day: periods.fiscal_quarter(day, first_month),
        "year": lambda day: periods.fiscal_year(day, first_month),
    }
