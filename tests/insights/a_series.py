"""Eighteen months of marketing days and of work, with one day and one week that are odd."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from insights.models import Pattern
from revops_site.kernel.models import Anomaly
from tests import marketing_days
from tests.insights import files

FIRST, LAST = date(2024, 1, 1), date(2025, 6, 30)
OUTAGE, AWAY = date(2025, 4, 10), date(2025, 3, 10)
WAVES = (0, 2, -1, 3, 1, -3, 2, -2)  # what chance would do, the same each time


def days() -> list[date]:
    return [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def leads(day: date) -> int:
    """Sixty a day and half as many at weekends, a few more or fewer; one on the odd day."""
    if day == OUTAGE:
        return 1
    return (30 if day.weekday() > 4 else 60) + WAVES[(day.toordinal() * 5) % 8]


def marketing(instead: Mapping[date, int] | None = None) -> tuple[str, ...]:
    """A row of Search a day, and one of a channel that brings a lead a week."""
    known = {day: leads(day) for day in days()} | dict(instead or {})
    rows = [
        f"{day},Search,Brand,SMB,US,{3000 + 10 * n},60000,1200,{n},{n // 2},0,0,0,,50,0.02,0.1,-100"
        for day, n in known.items()
    ]
    rows += [
        f"{day},Rare,,SMB,US,0,100,10,1,0,0,0,0,,0,0.1,0.1," for day in known if day.weekday() == 2
    ]
    return tuple(rows)


def activities() -> list[dict[str, str]]:
    """Ana and Cy complete some tasks on each working day, and none in the odd week."""
    return [
        {
            "activity_id": f"{rep}-{day}-{nth}",
            "rep_id": rep,
            "type": "task",
            "is_done": "true",
            "done_at": f"{day}T10:00:00Z",
        }
        for rep, usual in (("ana", 6), ("cy", 4))
        for day in days()
        if day.weekday() < 5 and not AWAY <= day < AWAY + timedelta(days=7)
        for nth in range(usual + day.toordinal() // 7 % 2)
    ]


def load(folder: Path) -> None:
    """Load all of it through the front door."""
    assert marketing_days.load(folder, marketing()).exit_code == 0
    files.load(folder / "work", {"activities": activities()})


def load_days(folder: Path, instead: Mapping[date, int]) -> None:
    """Load the days again, some with other leads."""
    assert marketing_days.load(folder, marketing(instead)).exit_code == 0


def keep_one_of_each(day: date) -> None:
    """An anomaly of a day and a pattern, as the worker keeps them."""
    found = {"series": "leads", "by": "", "part": "", "scoped": False}
    judged = {"observed": 1, "expected": 60, "z": -9, "relative": 0.98, "severity": "critical"}
    how = {"grain": "day", "direction": "drop", "method": "stl", "in_batch": True, "points": 365}
    Anomaly.objects.create(**found, **judged, **how, start=day, end=day)
    sure = {"effect": -0.5, "p": 0.001, "q": 0.01, "weeks": 52, "tests": 40}
    Pattern.objects.create(**found, **sure, kind="break", since=day, before=60, after=30)
