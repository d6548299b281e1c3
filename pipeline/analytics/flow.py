"""What a period brought week by week or month by month, empty ones too."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from revops_site.kernel.formats import MONTHS
from revops_site.kernel.frames import Array, Columns, array, arrays, found, framed, listed
from revops_site.kernel.periods import Period, plus

WEEKLY_UP_TO = 120  # days that are drawn by week; longer periods by month
FLOWS = ("created", "won", "lost")


def unit(period: Period | None) -> str:
    """Whether a period is drawn by ``week`` or by ``month``."""
    return "week" if period is not None and period.days <= WEEKLY_UP_TO else "month"


def flow(flows: pd.DataFrame, by: str, period: Period | None, as_of: date) -> pd.DataFrame:
    """What was created, won and lost in each week or month of a period, also in the empty ones.

    Columns key (the label of the week or month), start, end (datetime64): the days inside that are
    summed; then count and amount of each of ``FLOWS``, is_partial: cut by an end of the period or
    by ``as_of``. Without a period the first one with data is the first.
    """
    if flows.empty:
        return pd.DataFrame(columns=["key", "start", "end", *_flow_columns(), "is_partial"])
    known = arrays(flows)
    days = {day: nth for nth, day in enumerate(_days(known[by]))}
    last = min(period.last_day, as_of) if period else as_of
    first = period.start if period else min(days)
    starts = _starts(first, last, by)
    ends = [plus(_next(start, by), -1) for start in starts]
    sums = found(starts, {by: np.array(list(days), "object"), **_sums(known)}, by, 0.0)
    return framed(
        {
            "start": array([max(start, first) for start in starts], "datetime64[s]"),
            "end": array([min(end, last) for end in ends], "datetime64[s]"),
            **{name: one.astype(str(known[name].dtype)) for name, one in sums.items()},
            "key": array([_label(start, by) for start in starts], "str"),
            "is_partial": array(
                [end > last or start < first for start, end in zip(starts, ends, strict=True)],
                "bool",
            ),
        }
    )


def _label(day: date, by: str) -> str:
    name = MONTHS[day.month - 1]
    return f"{name} {day.year}" if by == "month" else f"{day.day} {name} {day.year}"


def _flow_columns() -> list[str]:
    return [f"{event}{part}" for part in ("", "_amount") for event in FLOWS]


def _sums(known: Columns) -> dict[str, Array]:
    return {name: known[name] for name in _flow_columns()}


def _days(column: Array) -> list[date]:
    """The days of a column of them."""
    return listed(np.asarray(column).astype("datetime64[D]"))


def _starts(first: date, last: date, by: str) -> list[date]:
    """The first days of all weeks or months that have a day from ``first`` to ``last``."""
    start = first.replace(day=1) if by == "month" else plus(first, -first.weekday())
    found: list[date] = []
    while start <= last:
        found.append(start)
        start = _next(start, by)
    return found


def _next(start: date, by: str) -> date:
    """The first day of the next week or month."""
    return plus(start, 7) if by == "week" else plus(start, 31).replace(day=1)
