"""How much reps do, on which weekdays, and how evenly: of days that are worked on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

from revops_site.kernel.periods import Period

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
TYPES = ("call", "email", "meeting", "demo")
SPANS: Mapping[str, int] = {"30d": 30, "7d": 7, "today": 1}
LOW_SHARE = 0.7
LEAST_DAYS = 5
LOW_VOLUME = 4.0  # a day: below, chance alone makes days uneven


@dataclass(frozen=True)
class Activity:
    """What a rep completed in some days (K11 to K14); None for the unknown."""

    total_activities: int
    counts: Mapping[str, int]
    working_days: int
    avg_daily_activities: float | None
    weekdays: Mapping[str, float | None]
    low_activity_days: Sequence[str]
    activity_consistency_score: int | None
    low_volume: bool


def span(name: str, day: date) -> Period:
    """The days of ``30d``, ``7d`` or ``today`` as of a day, that included."""
    return Period(day - timedelta(days=SPANS[name] - 1), day + timedelta(days=1))


def working_days(days: Period, off: Collection[date], since: date | None = None) -> list[date]:
    """Monday to Friday less the days off, from the day that the rep started."""
    first = max(days.start, since) if since else days.start
    every = (first + timedelta(days=n) for n in range(max(0, (days.end - first).days)))
    return [day for day in every if day.weekday() < len(WEEKDAYS) and day not in off]


def activity(
    done: Mapping[tuple[date, str], int], worked: Sequence[date], days: Period
) -> Activity:
    """What was done by day and type, of the days that were worked on.

    Work on other days counts in the totals alone.
    """
    inside = {key: n for key, n in done.items() if key[0] in days}
    total = sum(inside.values())
    by_day = {day: sum(n for (on, _), n in inside.items() if on == day) for day in worked}
    weekdays = {name: _mean_of(by_day, nth) for nth, name in enumerate(WEEKDAYS)}
    average = total / len(worked) if worked else None
    return Activity(
        total_activities=total,
        counts={kind: sum(n for (_, of), n in inside.items() if of == kind) for kind in TYPES},
        working_days=len(worked),
        avg_daily_activities=average,
        weekdays=weekdays,
        low_activity_days=low_days(weekdays),
        activity_consistency_score=consistency(list(by_day.values())),
        low_volume=average is not None and average < LOW_VOLUME,
    )


def low_days(weekdays: Mapping[str, float | None]) -> list[str]:
    """The weekdays below 70 % of the mean of all weekdays."""
    known = {name: mean for name, mean in weekdays.items() if mean is not None}
    if not known:
        return []
    limit = LOW_SHARE * sum(known.values()) / len(known)
    return [name for name, mean in known.items() if round(mean, 9) < round(limit, 9)]


def consistency(counts: Sequence[float]) -> int | None:
    """0 to 100: 100 where every working day is alike (K14); None of fewer than five."""
    if len(counts) < LEAST_DAYS:
        return None
    mean = sum(counts) / len(counts)
    if mean <= 0:
        return 0
    spread = sqrt(sum((one - mean) ** 2 for one in counts) / len(counts))
    score = Decimal(str(round(100 * max(0.0, 1 - spread / mean), 9)))
    return int(score.quantize(Decimal(1), ROUND_HALF_UP))


def a_day(done: float, days: float) -> float | None:
    """Activities of several reps, of the days that all of them worked."""
    return done / days if days > 0 else None


def _mean_of(by_day: Mapping[date, int], weekday: int) -> float | None:
    own = [n for day, n in by_day.items() if day.weekday() == weekday]
    return sum(own) / len(own) if own else None
