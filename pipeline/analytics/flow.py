"""What a period brought week by week or month by month, empty ones too."""

from __future__ import annotations

from datetime import date

import pandas as pd

from revops_site.kernel.formats import MONTHS
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
    starts = _starts(flows[by], by, period, as_of)
    filled = flows.set_index(by)[_flow_columns()].reindex(starts, fill_value=0)
    frame = filled.rename_axis("start").reset_index()
    step = pd.DateOffset(months=1) if by == "month" else pd.DateOffset(days=7)
    ends = frame["start"] + step - pd.Timedelta(days=1)
    frame.insert(1, "end", ends.astype("datetime64[s]"))
    last = pd.Timestamp(min(period.last_day, as_of) if period else as_of)
    first = pd.Timestamp(period.start) if period else frame["start"].min()
    partial = (frame["end"] > last) | (frame["start"] < first)
    inside = frame.assign(
        key=[_label(start, by) for start in frame["start"]],
        start=frame["start"].mask(frame["start"] < first, first),
        end=frame["end"].mask(frame["end"] > last, last),
    )
    return inside.assign(is_partial=partial)


def _label(start: pd.Timestamp, by: str) -> str:
    day = start.date()
    name = MONTHS[day.month - 1]
    return f"{name} {day.year}" if by == "month" else f"{day.day} {name} {day.year}"


def _flow_columns() -> list[str]:
    return [f"{event}{part}" for part in ("", "_amount") for event in FLOWS]


def _starts(
    known: pd.Series[pd.Timestamp], by: str, period: Period | None, as_of: date
) -> pd.DatetimeIndex:
    first = pd.Timestamp(period.start) if period else known.min()
    last = pd.Timestamp(min(period.last_day, as_of) if period else as_of)
    if by == "month":
        return pd.date_range(first.replace(day=1), last, freq="MS", unit="s")
    return pd.date_range(plus(first.date(), -first.weekday()), last, freq="7D", unit="s")
