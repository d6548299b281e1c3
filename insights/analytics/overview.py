"""What a company's days come to: sums of some days, and the weeks that led to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from revops_site.kernel.periods import Period, plus, week

WEEKS = 13


def within(days: pd.DataFrame, period: Period) -> pd.DataFrame:
    """The sums of the days of a period in one row, 0 where nothing happened.

    ``days`` has a ``date`` (datetime64) and numbers.
    """
    first, end = pd.Timestamp(period.start), pd.Timestamp(period.end)
    rows = days[(days["date"] >= first) & (days["date"] < end)]
    return rows.drop(columns="date").sum().to_frame().T


def complete_weeks(as_of: date) -> Sequence[Period]:
    """The last 13 weeks that have ended by a day, the oldest first."""
    end = week(plus(as_of, 1)).start
    return [Period(plus(end, -7 * nth), plus(end, 7 - 7 * nth)) for nth in range(WEEKS, 0, -1)]


def weekly(days: pd.DataFrame, name: str, as_of: date) -> list[float | None]:
    """What each of these weeks came to."""
    return [float(within(days, one)[name].iloc[0]) for one in complete_weeks(as_of)]


def so_far(days: pd.DataFrame, name: str, period: Period) -> list[float]:
    """What a period had come to after each of its weeks, and on its last day."""
    ends = [*range(7, period.days, 7), period.days]
    return [
        float(within(days, Period(period.start, plus(period.start, end)))[name].iloc[0])
        for end in ends
    ]


def last_monday(as_of: date) -> date:
    """The Monday before a day: of the week before, where the day is a Monday itself."""
    return week(plus(as_of, -1)).start
