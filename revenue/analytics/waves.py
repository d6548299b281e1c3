"""Months in which more customers left than chance would make of the others', and why they did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import pandas as pd

FEWEST, SURE = 5, 0.01
UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Wave:
    """A stretch of months: how many left, how many would have, and of whom most did beyond that.

    ``core`` of the ``segment`` left for the ``reason``, ``core_usual`` would have.
    """

    first: pd.Timestamp
    last: pd.Timestamp
    left: int
    usual: float
    segment: str
    reason: str
    core: int
    core_usual: float


def waves(left: pd.DataFrame, present: pd.DataFrame) -> list[Wave]:
    """The waves, the oldest first.

    ``left`` has month, segment, reason, count; ``present`` month and starting_customers. A month
    is of a wave where so many or more would leave in fewer than one of a hundred such spans of
    months, were every customer as likely to leave as those of the months in the middle.
    """
    base = _summed(present, "starting_customers")
    by_month = _summed(left, "count")
    months = [month for month in sorted(base) if base[month] > 0]
    if len(months) < 6:
        return []
    rates = sorted(by_month.get(month, 0.0) / base[month] for month in months)
    middle = rates[len(rates) // 4 : len(rates) - len(rates) // 4]
    rate = sum(middle) / len(middle)
    high = [
        month
        for month in months
        if by_month.get(month, 0.0) >= FEWEST
        and _tail(int(by_month[month]), rate * base[month]) < SURE / len(months)
    ]
    return [_wave(span, left, base, rate, high) for span in _spans(high)]


def _summed(rows: pd.DataFrame, name: str) -> dict[pd.Timestamp, float]:
    """The sum of a column by month."""
    found: dict[pd.Timestamp, float] = {}
    for day, number in zip(rows["month"], rows[name], strict=True):
        month = pd.Timestamp(day)
        found[month] = found.get(month, 0.0) + float(number)
    return found


def _spans(months: list[pd.Timestamp]) -> list[list[pd.Timestamp]]:
    spans: list[list[pd.Timestamp]] = []
    for month in months:
        if spans and month == spans[-1][-1] + pd.DateOffset(months=1):
            spans[-1].append(month)
        else:
            spans.append([month])
    return spans


def _wave(
    span: list[pd.Timestamp],
    left: pd.DataFrame,
    base: dict[pd.Timestamp, float],
    rate: float,
    high: list[pd.Timestamp],
) -> Wave:
    days = pd.to_datetime(left["month"])
    inside, calm = left[days.isin(span)], left[~days.isin(high) & days.isin(list(base))]
    there = sum(base[month] for month in span)
    quiet = sum(number for month, number in base.items() if month not in high)
    usual = calm.groupby(["segment", "reason"])["count"].sum() * (there / quiet if quiet else 0.0)
    counts = inside.groupby(["segment", "reason"])["count"].sum()
    extra = counts.sub(usual, fill_value=0.0)
    named = extra[[reason != UNKNOWN for reason in extra.index.get_level_values("reason")]]
    key = cast("tuple[str, str]", (named if len(named) else extra).idxmax())
    segment, reason = key
    return Wave(
        *(span[0], span[-1], int(counts.sum()), rate * there, segment, reason),
        *(int(counts.get(key, 0)), float(usual.get(key, 0.0))),
    )


def _tail(count: int, expected: float) -> float:
    """The chance of ``count`` or more, where ``expected`` are (Poisson)."""
    below = sum(
        math.exp(k * math.log(expected) - expected - math.lgamma(k + 1))
        if expected
        else float(not k)
        for k in range(count)
    )
    return max(0.0, 1.0 - below)
