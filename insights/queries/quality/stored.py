"""What the background counted, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from insights.models import QualityCount
from insights.queries.quality.counts import Count, Counts

WEEK = timedelta(days=7)
REACH = timedelta(weeks=13)


@dataclass(frozen=True)
class History:
    """What a check found on the days that it was counted on, in their order."""

    days: Sequence[tuple[date, int]]

    def before(self, day: date) -> int | None:
        """What it found a week before: on that day or in the week up to it; None if unknown."""
        known = [found for on, found in self.days if day - 2 * WEEK < on <= day - WEEK]
        return known[-1] if known else None


def newest() -> Counts | None:
    """The newest counts; None before the first."""
    day = QualityCount.objects.aggregate(day=Max("day"))["day"]
    rows = list(QualityCount.objects.filter(day=day)) if day else []
    if not rows:
        return None
    by_slug = {row.check_slug: Count(row.found, row.total) for row in rows}
    return Counts(by_slug, rows[0].generation, rows[0].counted_at, rows[0].day)


def histories(today: date) -> Mapping[str, History]:
    """What each check found in the last 13 weeks."""
    rows = QualityCount.objects.filter(day__gt=today - REACH, day__lte=today).order_by("day")
    days: dict[str, list[tuple[date, int]]] = {}
    for slug, day, found in rows.values_list("check_slug", "day", "found"):
        days.setdefault(slug, []).append((day, found))
    return {slug: History(tuple(found)) for slug, found in days.items()}
