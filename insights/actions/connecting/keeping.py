"""Changes how a source is set: one at a time, by who has seen what it was, written down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from insights.actions.connecting import addresses, choosing
from insights.actions.connecting.refusals import ConflictError, RefusedError
from insights.models import SourceHook, SourceTrial
from insights.queries.connecting import has_records, newest_trial, outline, setting, version
from revops_site.kernel import audit, freshness, sealing, sync
from revops_site.kernel.models import DataLoad, Rep, SourceConnection, User
from revops_site.kernel.sources import Source

REMAP = "insights.tasks.remap_source"
TOKEN = re.compile(r"[\x21-\x7e]{8,200}")
NO_TOKEN = "Enter the token."  # noqa: S105
NEW_TOKEN = "Enter the token again: it goes to another address than before."  # noqa: S105
BAD_TOKEN = "This is no token: it is one word of letters and digits."  # noqa: S105
MIXES = (
    "Records of an earlier connection are here. If that was another company, theirs mix. Confirm."
)
UNTRIED = "Test the connection first, and look at what it says."
UNSURE = "Confirm that nothing more is to be read."


def connect(
    source: Source, given: Mapping[str, str], *, seen: str, user: User, at: datetime
) -> None:
    """Keep where a company is and its token, sealed; a token that is not given stays."""
    base_url = addresses.base_url(source.name, given.get("company", ""))
    token = given.get("token", "").strip()
    with _changing(source, seen, at) as kept:
        before = setting(source.name)
        elsewhere = before.base_url != base_url
        if token and not TOKEN.fullmatch(token):
            raise RefusedError({"token": BAD_TOKEN})
        if not token and (elsewhere or not before.is_set):
            raise RefusedError({"token": NEW_TOKEN if before.is_set else NO_TOKEN})
        if elsewhere and not given.get("mixes") and has_records(source.name):
            raise RefusedError({"mixes": MIXES})
        if kept.changed_at is None:
            kept.is_enabled = before.is_on
        kept.company = _company(base_url)
        kept.base_url = base_url
        if token:
            kept.token = sealing.seal(token)
        _note("source set", source, user, address=base_url, before=before.base_url, renewed=token)


def enable(source: Source, *, seen: str, user: User, at: datetime) -> None:
    """Have a source synced from now on, once a test of these very settings went well."""
    with _changing(source, seen, at, moves=False) as kept:
        trial = newest_trial(source.name)
        if trial is None or trial.state != SourceTrial.State.DONE or trial.stamp != seen:
            raise RefusedError(UNTRIED)
        kept.is_enabled = True
        _note("source connected", source, user, address=setting(source.name).base_url)
    sync.start(source.name, by=user)


def pause(source: Source, *, seen: str, user: User, at: datetime) -> None:
    """Read a source no more until it is enabled again; its token and what was read of it stay."""
    with _changing(source, seen, at, moves=False) as kept:
        kept.is_enabled = False
        _note("source paused", source, user)


def disconnect(source: Source, *, sure: bool, seen: str, user: User, at: datetime) -> None:
    """Read a source no more and forget its token; what was read of it stays."""
    if not sure:
        raise RefusedError({"sure": UNSURE})
    with _changing(source, seen, at) as kept:
        kept.is_enabled, kept.token = False, ""
        SourceHook.objects.filter(pk=source.name).delete()
        _note("source disconnected", source, user)


def choose(
    source: Source, what: str, given: Mapping[str, str], *, seen: str, user: User, at: datetime
) -> None:
    """Keep what some of the source's words mean here, and have its records mapped anew."""
    with _changing(source, seen, at) as kept:
        if what == "currency":
            before: Any = kept.currency
            after: Any = choosing.currency(given)
            kept.currency = after
        else:
            before = kept.mapping.get(what, {})
            after = choosing.part(what, given, outline(source.name), before)
            kept.mapping = {**kept.mapping, what: after}
        if kept.changed_at is None:
            kept.is_enabled = sync.is_connected(source.name)
        changes = choosing.changes(before, after)
        _note("source mapped", source, user, part=what, changes=changes)
        if what == "users":
            _retire(after)
        if changes and has_records(source.name):
            _remap(source)


def _retire(users: Mapping[str, str]) -> None:
    """Who was a rep of their own by a sync, and is another one now, is offered as one no more."""
    others = [user for user, rep in users.items() if rep != user and user not in users.values()]
    ours = DataLoad.objects.filter(kind=DataLoad.Kind.SYNC).values("pk")
    found = Rep.objects.filter(pk__in=others, is_active=True, load_id__in=ours)
    if found.update(is_active=False):
        freshness.bump()


def _remap(source: Source) -> None:
    """In the background, since there may be many records."""
    called = f"remap {source.name}"
    task = app.configure_task(
        REMAP, queue=sync.QUEUE, lock=f"sync {source.name}", queueing_lock=called
    )
    try:
        with transaction.atomic():
            task.defer(source=source.name)
    except AlreadyEnqueued:
        pass


@contextmanager
def _changing(
    source: Source, seen: str, at: datetime, *, moves: bool = True
) -> Iterator[SourceConnection]:
    """The settings, which nobody else changes within this block, and which are saved after it.

    ``moves`` False leaves their version as it is: what was tried of them still counts.
    """
    with transaction.atomic():
        SourceConnection.objects.get_or_create(pk=source.name, defaults={"is_enabled": True})
        kept = SourceConnection.objects.select_for_update().get(pk=source.name)
        if version(kept) != seen:
            raise ConflictError
        yield kept
        if moves:
            kept.changed_at = at
        kept.save()


def _company(base_url: str) -> str:
    host = base_url.partition("://")[2]
    return host.partition(".")[0] if base_url.startswith("https") else host


def _note(action: str, source: Source, user: User, **detail: Any) -> None:
    if "renewed" in detail:
        detail["renewed"] = bool(detail["renewed"])
    audit.record(action, user=user, target=source.label, **detail)
