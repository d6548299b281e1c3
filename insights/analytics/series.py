"""How rows of days become the series that are looked at for what is unusual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from insights.analytics.anomalies import MIN_POINTS, WINDOW, Array, Year
from insights.analytics.measures import Grain, Measure
from revops_site.kernel import periods
from revops_site.kernel.periods import plus

Silence: TypeAlias = Literal["", "few", "thin", "flat"]

REACH = timedelta(days=760)  # two years and a month, so that each season is seen twice
LEAST_BELOW = 30  # what a ratio of a day is divided by
THIN, THIN_MONEY = 5.0, 10.0  # fewer counts are chance; so is the sum of fewer deals
SPARSE = 0.5  # the share of days that a ratio has to be known on, else weeks are looked at
SEASON: Mapping[Grain, int] = {"day": 7, "week": 52, "month": 12}
YEAR: Mapping[Grain, Year] = {"day": Year(364, 4), "week": Year(52, 1), "month": Year(12, 0)}
COARSER: Mapping[Grain, tuple[Grain, ...]] = {
    "day": ("day", "week", "month"),
    "week": ("week", "month"),
    "month": ("month",),
}


@dataclass(frozen=True)
class Series:
    """A measure over time, of the company or of the ``part`` that has this value of ``by``.

    ``values`` and ``below`` (what a ratio is divided by, 1 of others) hold one a day, week or
    month from ``start`` on; NaN where it is not known. ``events`` is how many come in a usual one.
    """

    measure: Measure
    by: str
    part: str
    grain: Grain
    start: date
    values: Array
    below: Array
    events: float = np.inf

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.measure.slug, self.by, self.part

    @property
    def starts(self) -> list[date]:
        """The first day of each point."""
        return list(steps(self.grain, self.start, len(self.values)))

    @property
    def silence(self) -> Silence:
        """Why nothing can be said of it; "" where something can."""
        known = self.values[np.isfinite(self.values)]
        if len(known) < MIN_POINTS:
            return "few"
        least = THIN if self.measure.unit == "count" else self.measure.floor(self.grain)
        is_small = max(_usual(known[-WINDOW:]), _usual(known)) < least
        return "thin" if is_small or self.events < THIN_MONEY else ""

    def chance(self) -> Callable[[Array], Array] | None:
        """How many standard deviations of counting the values are off, by what was expected."""
        if self.measure.unit == "money" and not self.measure.is_cost:
            return None

        def off(expected: Array) -> Array:
            usual = np.maximum(expected, 1e-12)
            if self.measure.is_cost:  # fewer leads than the money should have brought
                spent = self.values * self.below
                fewer: Array = 2 * (np.sqrt(self.below) - np.sqrt(spent / usual))
                return fewer
            more: Array = 2 * np.sqrt(self.below) * (np.sqrt(self.values) - np.sqrt(usual))
            return more

        return off


def steps(grain: Grain, start: date, count: int) -> Iterator[date]:
    """So many first days of days, weeks or months."""
    day = start
    for _ in range(count):
        yield day
        day = end_of(grain, day) + timedelta(days=1)


def end_of(grain: Grain, start: date) -> date:
    """The last day of the day, week or month that begins there."""
    if grain == "month":
        return periods.month(start).last_day
    return plus(start, 6 if grain == "week" else 0)


def window(grain: Grain, first: date | None, last: date) -> tuple[date, date] | None:
    """The first days of the first and the last complete one between two days; None without one."""
    reach = max(first or date.min, last - REACH)
    if grain == "day":
        begin, end = reach, last
    elif grain == "week":
        begin = plus(reach, -reach.weekday() % 7)
        end = plus(last, -((last.weekday() + 1) % 7) - 6)
    else:
        begin = reach if reach.day == 1 else periods.month(reach).end
        around = periods.month(last)
        end = (
            around.start if last == around.last_day else periods.month(plus(around.start, -1)).start
        )
    return (begin, end) if begin <= end else None


def read(
    measure: Measure, rows: pd.DataFrame, by: str, first: date | None, last: date
) -> Iterator[Series]:
    """The series of a measure in rows of its grain: one for each value of ``by``, or the whole.

    ``rows`` have ``start`` (datetime64), the measure's columns and ``by``; what is not there is 0.
    What is too sparse by day is summed to weeks, and else to months.
    """
    for part, own in rows.groupby(by, sort=True) if by else [("", rows)]:
        if by and not part:
            continue
        found = None
        for grain in COARSER[measure.grain]:
            tried = _of(measure, own, by, str(part), grain, first, last)
            if tried is not None and (found is None or len(tried.values) >= MIN_POINTS):
                found = tried
            if found is None or not _is_sparse(found):
                break
        if found is not None:
            yield found


def weekly(
    measure: Measure, rows: pd.DataFrame, by: str, first: date | None, last: date
) -> Iterator[Series]:
    """The same by week, whatever the grain."""
    for one in read(replace(measure, grain="week"), rows, by, first, last):
        if one.grain == "week":
            yield replace(one, measure=measure)


def _of(
    measure: Measure,
    rows: pd.DataFrame,
    by: str,
    part: str,
    grain: Grain,
    first: date | None,
    last: date,
) -> Series | None:
    ends = window(grain, first, last)
    if ends is None:
        return None
    starts = rows["start"].to_numpy().astype("datetime64[D]")
    if grain == "week":
        starts = starts - (starts.astype(np.int64) + 3) % 7  # day 0 was a Thursday
    elif grain == "month":
        starts = starts.astype("datetime64[M]").astype("datetime64[D]")
    index = _index(grain, *ends)
    above = _laid(starts, rows[measure.above].to_numpy(dtype=np.float64), index)
    begun = np.flatnonzero(above)
    if not len(begun):
        return None
    index, above = index[begun[0] :], above[begun[0] :]
    if not measure.below:
        many = np.inf
        if measure.events:
            counts = rows[measure.events].to_numpy(dtype=np.float64)
            many = float(np.median(_laid(starts, counts, index)))
        ones = np.ones(len(above))
        return Series(measure, by, part, grain, index[0].astype(date), above, ones, many)
    below = _laid(starts, rows[measure.below].to_numpy(dtype=np.float64), index)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(below >= LEAST_BELOW, above / below, np.nan)
    return Series(measure, by, part, grain, index[0].astype(date), values, below)


def _index(grain: Grain, begin: date, end: date) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    unit = {"day": 1, "week": 7}
    if grain == "month":
        months = np.arange(np.datetime64(begin, "M"), np.datetime64(end, "M") + 1)
        return months.astype("datetime64[D]")
    return np.arange(np.datetime64(begin), np.datetime64(end) + 1, unit[grain])


def _laid(starts: np.ndarray, values: Array, index: np.ndarray) -> Array:
    """The sums of the values at each place of the index, 0 where there are none."""
    place = np.searchsorted(index, starts)
    inside = place < len(index)
    inside &= index[np.minimum(place, len(index) - 1)] == starts
    sums = np.bincount(place[inside], weights=values[inside], minlength=len(index))
    return sums.astype(np.float64)


def _usual(values: Array) -> float:
    return float(np.median(np.abs(values)))


def _is_sparse(found: Series) -> bool:
    if found.measure.below:
        return bool(np.isfinite(found.values).mean() < SPARSE)
    return (found.measure.unit == "count" or bool(found.measure.events)) and (
        found.silence == "thin"
    )


def text(values: Sequence[float]) -> list[float | None]:
    """Values as a table keeps them: None for NaN."""
    return [None if value != value else float(value) for value in values]
