"""What runs in the background for coaching: mails drafted and sent, and what figures mean."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import date

from procrastinate.contrib.django import app

from coaching.actions import drafting, forgetting, insights, letters, posting
from coaching.analytics import wording
from coaching.panels.rep import insights as shown
from coaching.panels.team.known import DATASETS
from coaching.queries import insights as kept
from coaching.queries import mails
from revops_site.kernel import clock, freshness

logger = logging.getLogger(__name__)

SECONDS = 20.0  # then others have their turn


@app.periodic(cron="13 * * * *")
@app.task(name="draft-follow-ups", queueing_lock="draft-follow-ups", lock="draft-follow-ups")
def draft_follow_ups(timestamp: int = 0) -> None:
    """Draft mails for deals that wait, and let go of drafts whose deal was closed.

    What was drafted is worded by a language model, where the workspace wants that.
    """
    drafting.tidy(clock.now())
    drafting.waiting(by=None, at=clock.now())
    letters.word()


@app.periodic(cron="37 3 * * *")
@app.task(name="forget-old-follow-ups", queueing_lock="forget-old-follow-ups")
def forget_old_follow_ups(timestamp: int = 0) -> None:
    """Delete the mails that are older than the workspace keeps them, every night."""
    forgetting.forget_old(clock.now())


@app.periodic(cron="* * * * *")
@app.task(name=posting.TASK, queueing_lock=posting.TASK)
def send_follow_ups(timestamp: int = 0) -> None:
    """Send what is approved and due; where time runs out, another job goes on.

    It holds no lock of the queue's: a worker that died with one must not keep others from sending.
    """
    try:
        goes_on = posting.send_due(SECONDS)
    except mails.CannotSendError:
        logger.exception("no follow-up can be sent")
        return
    if goes_on:
        posting.wake()


@app.task(name=insights.TASK, pass_context=False)
def write_insights(rep_id: str) -> None:
    """Write what is to be said of a rep, whom somebody looks at."""
    write(rep_id)


@app.periodic(cron="7-59/10 * * * *")
@app.task(name="keep-insights-of-reps", queueing_lock="keep-insights-of-reps")
def keep_insights(timestamp: int = 0) -> None:
    """Write what is to be said of each rep once a day, when the data of a new day have come in."""
    last = last_day()
    if last is not None:
        write_all(kept.unwritten(last))


def last_day() -> date | None:
    """The day up to which the data go; None without any."""
    return freshness.of(DATASETS, freshness.workspace()).last_day


def write_all(ids: Iterable[str], told: Callable[[str, bool], None] | None = None) -> int:
    """The same of several reps; of how many. ``told`` hears of each whether it was written."""
    many = 0
    for rep_id in ids:
        is_written = write(rep_id)
        many += is_written
        if told is not None:
            told(rep_id, is_written)
    return many


def write(rep_id: str) -> bool:
    """Write what is to be said of a rep as of the data's last day; whether there are data."""
    found = shown.find(rep_id)
    if found is None:
        insights.give_up(rep_id)
        return False
    day, told = found
    said, version, digest = insights.say(rep_id, told)
    insights.keep(
        rep_id=rep_id,
        day=day,
        content={**shown.content(said), "wording": wording.changed(told, said)},
        model_version=version,
        digest=digest,
    )
    return True
