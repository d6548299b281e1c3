"""What runs in the background for coaching: follow-up mails drafted, and those approved sent."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from coaching.actions import drafting, posting
from coaching.queries import mails
from revops_site.kernel import clock

logger = logging.getLogger(__name__)

SECONDS = 20.0  # then others have their turn


@app.periodic(cron="13 * * * *")
@app.task(name="draft-follow-ups", queueing_lock="draft-follow-ups", lock="draft-follow-ups")
def draft_follow_ups(timestamp: int = 0) -> None:
    """Draft mails for deals that wait, and let go of drafts whose deal was closed."""
    drafting.tidy(clock.now())
    drafting.waiting(by=None, at=clock.now())


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
