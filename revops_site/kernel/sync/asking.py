"""What pages and the clock ask of the worker: a sync, now or when it is due; a deal's notes."""

from __future__ import annotations

import hashlib
import math
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from revops_site.kernel import clock
from revops_site.kernel.models import SourceRecord, SyncRun, User
from revops_site.kernel.sync import connections

TASK = "insights.tasks.sync_source"
NOTES_TASK = "insights.tasks.sync_notes"
QUEUE = "sync"
NOTES_LAST = 600  # seconds
# Looked at so often that each interval ends within one of these.
_STEP = math.gcd(settings.SYNC_INTERVAL_MINUTES, 60)
CRON = f"*/{_STEP} * * * *" if _STEP < 60 else "0 * * * *"


class NotConnectedError(Exception):
    """The source is not set up, or switched off."""


def start(
    source: str,
    entities: Sequence[str] | None = None,
    full: bool = False,
    reconcile: bool = False,
    by: User | None = None,
) -> uuid.UUID:
    """Have the worker sync a source; the id of the run (``SyncRun``).

    Where the same is waiting already, it is that one's id. Raises NotConnectedError.
    """
    if not connections.is_connected(source):
        raise NotConnectedError(f"{source} is not connected.")
    names = None if entities is None else sorted(entities)
    called = f"sync {source} {','.join(names or ['all'])} {full:d}{reconcile:d}"
    asked = {"entities": names, "is_full": full, "is_reconcile": reconcile}
    task = app.configure_task(TASK, queue=QUEUE, lock=f"sync {source}", queueing_lock=called)
    try:
        with transaction.atomic():
            run = SyncRun.objects.create(source=source, asked_at=clock.now(), by=by, **asked)
            task.defer(source=source, run_id=str(run.pk))
            return run.pk
    except AlreadyEnqueued:
        waiting = ProcrastinateJob.objects.filter(queueing_lock=called, status="todo").first()
        return uuid.UUID(waiting.args["run_id"]) if waiting else uuid.uuid4()


def is_due(source: str) -> bool:
    """Whether the source's last run began so long ago that it is time for the next one.

    A clock that was put back makes it due, too.
    """
    last = SyncRun.objects.filter(source=source, started_at__isnull=False).first()
    if last is None or last.started_at is None:
        return True
    now, interval = clock.now(), timedelta(minutes=settings.SYNC_INTERVAL_MINUTES)
    # The schedule itself comes a few seconds early or late.
    return not timedelta() <= now - last.started_at < interval - timedelta(seconds=30)


def refresh_notes(source: str, deal_id: str) -> None:
    """Have the worker fetch a deal's notes, soon; pages call it when a deal is opened.

    What was fetched lately, and what the source does not know, is not asked for.
    """
    known = SourceRecord.objects.filter(source=source, entity="deals", external_id=deal_id)
    called = f"notes {source} {deal_id}"
    if not connections.is_connected(source) or not known.exists():
        return
    if not cache.add(hashlib.sha256(called.encode()).hexdigest(), True, NOTES_LAST):
        return
    try:
        with transaction.atomic():
            app.configure_task(
                NOTES_TASK, queue=QUEUE, lock=f"notes {source}", queueing_lock=called
            ).defer(source=source, deal_id=deal_id)
    except AlreadyEnqueued:
        pass


def give_up(run_id: uuid.UUID, says: str) -> None:
    """Record that a run that was asked for is not done, and why."""
    SyncRun.objects.filter(pk=run_id).update(
        status=SyncRun.Status.FAILED, message=says, finished_at=clock.now()
    )
