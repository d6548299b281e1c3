"""Summer time, leap days, ends of quarters, clocks that jump: no job twice, none left out."""

from __future__ import annotations

import ast
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer

from revops_site.kernel import periods

NIGHTS = (
    datetime(2026, 3, 29, tzinfo=UTC),  # summer time begins in Europe
    datetime(2026, 10, 25, tzinfo=UTC),  # and ends
    datetime(2026, 3, 8, tzinfo=UTC),  # in America
    datetime(2028, 2, 29, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
)
A_DAY = [timedelta(seconds=20 + 307 * nth) for nth in range(24 * 12)]


def came(
    start: datetime, ticks: Iterable[timedelta], **defaults: float
) -> Counter[tuple[str, int]]:
    """How often the worker's scheduler puts each job in the queue for each of its moments."""
    scheduler = PeriodicDeferrer(app.periodic_registry, **defaults)
    return Counter(
        (one.task.name, moment)
        for tick in ticks
        for one, moment in scheduler.get_previous_tasks(at=(start + tick).timestamp())
    )


def as_deployed() -> dict[str, float]:
    """How the scheduler is set outside the demo."""
    command = "from django.conf import settings as s; print(s.PROCRASTINATE_PERIODIC_DEFAULTS)"
    deployed = {
        "DJANGO_SETTINGS_MODULE": "revops_site.settings",
        "REVOPS_DEMO": "0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ALLOWED_HOSTS": "localhost",
    }
    printed = subprocess.check_output(
        [sys.executable, "-c", command], env={**os.environ, **deployed}, text=True
    )
    found: dict[str, float] = ast.literal_eval(printed)
    return found


def expected(start: datetime, end: datetime) -> set[tuple[str, int]]:
    """Each moment of each job's plan between two instants, by UTC."""
    found = set()
    for one in app.periodic_registry.periodic_tasks.values():
        plan = one.croniter
        plan.set_current(start.timestamp())
        while (moment := round(plan.get_next(ret_type=float))) <= end.timestamp():
            found.add((one.task.name, moment))
    return found


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: f"{night:%Y-%m-%d}")
def test_every_job_comes_at_each_of_its_moments_and_once(night: datetime) -> None:
    start = night - timedelta(hours=12)
    found = came(start, A_DAY)
    assert set(found.values()) == {1}
    whole = expected(start + A_DAY[0], start + A_DAY[-1])
    assert whole <= set(found), sorted(whole - set(found))[:5]


@pytest.mark.parametrize("hours", [-24, -1, 1, 24])
def test_a_clock_that_jumps_brings_no_job_twice_and_leaves_none_out(hours: int) -> None:
    start = NIGHTS[0]
    before = [timedelta(minutes=nth) for nth in range(-24 * 60, 30, 5)]
    after = [timedelta(hours=hours, minutes=nth) for nth in range(30, 26 * 60, 7)]
    found = came(start, [*before, *after])
    assert set(found.values()) == {1}
    last = max(*before, *after)
    assert expected(start, start + last) <= set(found)


@pytest.mark.parametrize("nights", [1, 9])
def test_what_was_due_while_no_worker_ran_is_done_once_by_the_next(nights: int) -> None:
    morning = NIGHTS[0] + timedelta(hours=8, minutes=30)
    found = came(morning + timedelta(days=nights), [timedelta(0)], **as_deployed())
    assert Counter(name for name, _ in found) == Counter(
        one.task.name for one in app.periodic_registry.periodic_tasks.values()
    )
    oldest = morning + timedelta(days=nights - 1)
    assert all(moment > oldest.timestamp() for _, moment in found)


@pytest.mark.parametrize("first_month", range(1, 13))
def test_each_day_lies_in_one_quarter_one_month_and_one_week(first_month: int) -> None:
    for kind in (lambda day: periods.fiscal_quarter(day, first_month), periods.month, periods.week):
        day = date(2024, 1, 1)
        while day < date(2032, 3, 2):
            one = kind(day)
            assert day in one
            following = kind(one.end)
            assert following.start == one.end, "no day between them, none in both"
            assert kind(one.last_day) == one
            day = one.end
