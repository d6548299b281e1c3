"""A source's word that something changed in it: a hint to read it sooner, and nothing more.

What is told is not believed and not kept: the records are read from the source itself. So the same
message again, or an invented one, costs a sync at most, and one a minute for each kind of record.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from insights.models import SourceHook
from insights.queries.connecting import hook
from pipeline.sources import OUTLINES
from revops_site.kernel import audit, sync
from revops_site.kernel.models import User
from revops_site.kernel.sources import Source

TASK = "insights.tasks.sync_hinted"
SOON = 60  # seconds, in which further hints change nothing
NOTED_EVERY = timedelta(minutes=1)
NOBODY = "0" * 64


@transaction.atomic
def make(source: Source, *, user: User, at: datetime) -> str:
    """Let a source tell of changes; the password to do it by, which is not stored."""
    secret = secrets.token_urlsafe(32)
    made = {"digest": _digest(source.name, secret), "made_at": at, "made_by": user}
    SourceHook.objects.update_or_create(pk=source.name, defaults={**made, "heard_at": None})
    audit.record("webhook made", user=user, target=source.label)
    return secret


@transaction.atomic
def drop(source: Source, *, user: User) -> None:
    """Listen to a source no more."""
    SourceHook.objects.filter(pk=source.name).delete()
    audit.record("webhook removed", user=user, target=source.label)


def is_known(source: str, name: str, password: str) -> bool:
    """Whether somebody may tell of changes in a source; it takes the same time for anybody."""
    kept = hook(source)
    right = hmac.compare_digest(_digest(name, password), kept.digest if kept else NOBODY)
    return right and name == source


def hint(source: Source, body: bytes, at: datetime) -> None:
    """Have what a message is about read soon, once for all that comes until then."""
    entity = OUTLINES[source.name].changed(body)
    heard = Q(heard_at=None) | Q(heard_at__lt=at - NOTED_EVERY)
    SourceHook.objects.filter(heard, pk=source.name).update(heard_at=at)
    if not entity or not sync.is_connected(source.name):
        return
    called = f"hint {source.name} {entity}"
    task = app.configure_task(
        TASK, queue=sync.QUEUE, queueing_lock=called, schedule_in={"seconds": SOON}
    )
    try:
        with transaction.atomic():
            task.defer(source=source.name, entity=entity)
    except AlreadyEnqueued:
        pass


def _digest(name: str, password: str) -> str:
    return hashlib.sha256(f"{name}:{password}".encode()).hexdigest()
