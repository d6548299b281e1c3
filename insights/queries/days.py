"""What was stored day by day: since when the rules say what they say, and of which data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias

from insights.models import InsightDay, Kpi

Key: TypeAlias = tuple[str, str]

REACH = timedelta(days=400)


def first_seen(today: date) -> Mapping[Key, date]:
    """Since which day each insight of the newest stored day is there, by rule and subject.

    An insight that went away and came back counts from its return.
    """
    stored = InsightDay.objects.filter(day__gt=today - REACH, day__lte=today)
    by_day: dict[date, set[Key]] = {}
    for day, rule, subject in stored.values_list("day", "rule", "subject"):
        by_day.setdefault(day, set()).add((rule, subject))
    since: dict[Key, date] = {}
    for day in sorted(by_day):
        since = {key: since.get(key, day) for key in by_day[day]}
    return since


def insights_are_of(day: date, generation: int) -> bool:
    """Whether this day's insights are stored as these data give them."""
    return InsightDay.objects.filter(day=day, generation=generation).exists()


def kpis_are_of(generation: int, at: datetime) -> bool:
    """Whether the figures were taken from these data within a day: an upgrade may bring others."""
    taken = Kpi.objects.filter(generation=generation, taken_at__gt=at - timedelta(days=1))
    return taken.exists()
