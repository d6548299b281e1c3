"""Tries a source in the background: whose it is, what can be mapped, and what would come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from insights.actions.connecting.refusals import RefusedError
from insights.actions.connecting.sample import MOST_PAGES, Read, tried
from insights.models import SourceTrial
from insights.queries.connecting import is_busy, newest_trial, plain, setting, trial_settings
from pipeline.sources import OUTLINES
from revops_site.kernel import audit, clock, sync
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.models import SourceConnection, SyncRun, User
from revops_site.kernel.sealing import BrokenSealError
from revops_site.kernel.sources import Entity, Reader, Record, Source, SourceError

logger = logging.getLogger(__name__)

TASK = "insights.tasks.try_source"
KEPT = 20
UNSET = "Enter the company’s address and a token first."
FAILED = "The product failed at it. Your administrator finds why in the log."


@transaction.atomic
def ask(source: Source, kind: str, *, user: User, at: datetime) -> None:
    """Have a source tried in the background; where that is under way, it is as good."""
    SourceConnection.objects.select_for_update().filter(pk=source.name).first()
    last = newest_trial(source.name)
    if last and is_busy(last, at) and last.kind == kind:
        return
    found = setting(source.name)
    if not found.is_set:
        raise RefusedError(UNSET)
    trial = SourceTrial.objects.create(source=source.name, kind=kind, asked_at=at, asked_by=user)
    old = SourceTrial.objects.filter(source=source.name).order_by("-id")[KEPT:]
    SourceTrial.objects.filter(pk__in=[one.pk for one in old]).delete()
    audit.record(f"{trial.get_kind_display().lower()} asked for", user=user, target=source.label)
    task = app.configure_task(TASK, queue=sync.QUEUE, lock=f"sync {source.name}")
    task.defer(trial_id=trial.pk)


def work(trial_id: int, sources: Sequence[Source], catalog: Sequence[Dataset]) -> None:
    """Do a trial that was asked for; it ends with what it found, or with why it could not."""
    trial = SourceTrial.objects.filter(pk=trial_id, state=SourceTrial.State.WAITING).first()
    source = next((one for one in sources if trial and one.name == trial.source), None)
    if trial is None or source is None:
        return
    trial.state, trial.beat_at = SourceTrial.State.RUNNING, clock.now()
    trial.stamp = setting(source.name).version
    trial.save()
    try:
        trial.found = _found(source, trial, catalog)
        trial.state = SourceTrial.State.DONE
    except (SourceError, BrokenSealError) as error:
        trial.state, trial.message = SourceTrial.State.FAILED, str(error)
    except Exception:
        logger.exception("the trial of %s failed", source.name)
        trial.state, trial.message = SourceTrial.State.FAILED, FAILED
    trial.beat_at = clock.now()
    trial.save()
    if trial.state == SourceTrial.State.DONE and _is_waited_for(source):
        sync.start(source.name, by=trial.asked_by)


def _is_waited_for(source: Source) -> bool:
    """Whether a source is to be read and could not be: a new token is to do at once."""
    last = sync.newest_run(source) if sync.is_connected(source.name) else None
    return last is not None and last.status == SyncRun.Status.FAILED


def _found(source: Source, trial: SourceTrial, catalog: Sequence[Dataset]) -> dict[str, Any]:
    given, of = trial_settings(source.name), OUTLINES[source.name]
    is_dry = trial.kind == SourceTrial.Kind.DRY

    def beat() -> None:
        SourceTrial.objects.filter(pk=trial.pk).update(beat_at=clock.now())

    with source.reader(given) as reader:
        account = reader.check()
        wanted = [one for one in source.entities if _is_read(one, of.ENTITIES, is_dry)]
        read = [_read(reader, one, beat) for one in wanted]
    records = {one.entity.name: plain([record.raw for record in one.records]) for one in read}
    found = {
        "company": account.company,
        "domain": account.domain,
        "outline": of.outline(records),
        "counts": [
            {"label": one.entity.label, "count": len(one.records), "is_whole": one.is_whole}
            for one in read
        ],
    }
    return found | (tried(source, given, catalog, read, account.at) if is_dry else {})


def _is_read(entity: Entity, few: Sequence[str], is_dry: bool) -> bool:
    if entity.is_lazy or entity.follows:
        return False
    return is_dry or entity.name in few


def _read(reader: Reader, entity: Entity, beat: Callable[[], None]) -> Read:
    """The first pages of each of an entity's listings."""
    records: list[Record] = []
    is_whole = True
    for part in entity.passes:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = reader.page(entity.name, part, None, cursor)
            records += page.records
            cursor = page.cursor
            beat()
            if cursor is None:
                break
        is_whole = is_whole and cursor is None
    return Read(entity, records, is_whole)
