"""What runs in the background for the pipeline: days kept, forecasts tried, tasks reminded of."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from procrastinate.contrib.django import app

from pipeline.actions import backtests, readings, snapshots
from pipeline.actions import tasks as task_actions
from pipeline.panels import tasks as shown
from pipeline.panels.health import kept
from pipeline.queries import health, standing, tasks
from pipeline.queries.snapshots import first_day, is_outdated
from pipeline.rollups.health import TASK as RECKON
from revops_site.kernel import clock, freshness, mail
from revops_site.kernel.loading import session

if TYPE_CHECKING:
    from pipeline.models import Backtest

logger = logging.getLogger(__name__)

AT_ONCE = 13  # days that are kept in one transaction


@app.periodic(cron="9-59/10 * * * *")
@app.task(name="keep-snapshots", queueing_lock="keep-snapshots", lock="keep-snapshots")
def keep_snapshots(timestamp: int = 0) -> None:
    """Keep the days that are due, those that were missed from the history; then try the methods.

    What history taught of past days is made anew where more of it comes within a week.
    """
    if is_outdated():
        snapshots.forget_made_from_history()
    kept = take_snapshots()
    if kept and not is_tried():
        try_methods()


@app.task(name=RECKON, lock=RECKON, retry=3)
def reckon_health(day: str = "") -> None:
    """Reckon the health that is due: of the deals that a load touched, of all on a new day.

    With a ``day`` all deals of that one.
    """
    with session.unhurried():
        kept.reckon(date.fromisoformat(day) if day else None)


@app.periodic(cron="*/5 * * * *")
@app.task(name="keep-health", queueing_lock="keep-health", lock=RECKON)
def keep_health(timestamp: int = 0) -> None:
    """Reckon what is due where a load could not ask for it, and all of a day that is new."""
    last = standing.last_day()
    if last is not None and health.work(last):
        reckon_health()


@app.task(name=readings.TASK, lock=readings.TASK, pass_context=False)
def read_notes(deal_id: str) -> None:
    """Have the language model read a deal's notes, which somebody looks at."""
    readings.make(deal_id)


@app.periodic(cron="41 3 * * *")
@app.task(name="forget-readings", queueing_lock="forget-readings")
def forget_readings(timestamp: int = 0) -> None:
    """Delete what a language model read long ago, every night."""
    readings.forget()


def take_snapshots(
    through: date | None = None, told: Callable[[int, int], None] | None = None
) -> int:
    """Keep all days that are due, up to ``through``; how many. ``told`` hears how far it is."""
    days = due(through)
    for start in range(0, len(days), AT_ONCE):
        some = days[start : start + AT_ONCE]
        snapshots.keep(some, at=clock.now())
        if told is not None:
            told(start + len(some), len(days))
    return len(days)


def due(through: date | None = None) -> list[date]:
    """The days that are to be kept and are not."""
    last = standing.last_day()
    if last is None:
        return []
    today = freshness.stamp(freshness.workspace())
    return snapshots.due(min(last, through or last), first_day(), today)


def try_methods() -> Backtest | None:
    """Try all methods on the quarters that are closed; None where there are no data."""
    last = standing.last_day()
    if last is None:
        return None
    generation = freshness.workspace().generation
    return backtests.run(snapshots.whole(last), at=clock.now(), generation=generation)


def is_tried() -> bool:
    """Whether the newest trial knew all quarters that are closed."""
    last, at = standing.last_day(), freshness.workspace()
    if last is None:
        return True
    return backtests.is_of(last, at.reporting_currency, at.fiscal_year_start_month)


@app.periodic(cron="*/10 * * * *")
@app.task(name="mail-reminders", queueing_lock="mail-reminders", lock="mail-reminders")
def mail_reminders(timestamp: int = 0) -> None:
    """Mail everybody the tasks that they are to be reminded of, each once, of what they may see.

    What the mail server surely did not take is tried again the next time; of what nobody knows, or
    was refused, its page says that it may not have come.
    """
    at = clock.now()
    due = tasks.to_remind(freshness.stamp(freshness.workspace()))
    for whom, some in groupby(due, key=lambda one: one.assignee):
        seen = set(tasks.mine(whom).values_list("pk", flat=True))
        found = [one for one in some if one.pk in seen and task_actions.claim(one.pk, at)]
        if not found:
            continue
        subject, text = shown.mail(found, tasks.names(found), settings.PUBLIC_URL)
        answer = mail.note(whom.email, subject, text)
        for one in found:
            if answer.outcome == mail.Outcome.ACCEPTED:
                task_actions.came(one.pk, at, clock.now())
            elif answer.outcome == mail.Outcome.LATER:
                task_actions.release(one.pk, at)
        if answer.outcome != mail.Outcome.ACCEPTED:
            logger.error("a reminder could not be mailed: %s", answer.reason)
