"""How far each kind of record was read and how it went: kept for the next run, told to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from revops_site.kernel import clock
from revops_site.kernel.models import SyncRun, SyncState
from revops_site.kernel.sources import Source
from revops_site.kernel.sync import locks

LONGEST = 500
INTERRUPTED = "It was interrupted. The next sync goes on where it stopped."


@dataclass(frozen=True)
class Status:
    """How the sync of a kind of record stands; ``status`` is empty before the first one."""

    entity_type: str
    label: str
    last_sync_time: datetime | None = None
    last_sync_duration_ms: int = 0
    records_synced: int = 0
    status: str = ""
    error_message: str = ""
    watermark: datetime | None = None
    last_reconciled_at: datetime | None = None


def status(source: Source) -> list[Status]:
    """How the sync of each kind of record stands, in the order that they are read in."""
    states = {one.entity_type: one for one in SyncState.objects.filter(source=source.name)}
    running = any(one.status == SyncState.Status.IN_PROGRESS for one in states.values())
    is_dead = running and not locks.is_held(source.name)
    entities = [one for one in source.entities if not one.is_lazy]
    return [_told(one.name, one.label, states.get(one.name), is_dead) for one in entities]


def newest_run(source: Source) -> SyncRun | None:
    """The run that was asked for last; one whose process is gone is told as failed."""
    run = SyncRun.objects.filter(source=source.name).first()
    if run and run.status == SyncRun.Status.IN_PROGRESS and not locks.is_held(source.name):
        run.refresh_from_db()  # it may have ended between the two looks
        if run.status == SyncRun.Status.IN_PROGRESS:
            run.status, run.message = SyncRun.Status.FAILED, INTERRUPTED
    return run


def _told(name: str, label: str, state: SyncState | None, is_dead: bool) -> Status:
    if state is None:
        return Status(name, label)
    dead = is_dead and state.status == SyncState.Status.IN_PROGRESS
    return Status(
        name,
        label,
        state.last_sync_time,
        state.last_sync_duration_ms,
        state.records_synced,
        SyncState.Status.FAILED if dead else state.status,
        INTERRUPTED if dead else state.error_message,
        state.watermark,
        state.last_reconciled_at,
    )


def state_of(source: str, entity: str) -> SyncState:
    """How far an entity was read; made where nothing was read so far."""
    return SyncState.objects.get_or_create(source=source, entity_type=entity)[0]


def put(state: SyncState, **values: Any) -> None:
    """Change some of what is kept of an entity."""
    for name, value in values.items():
        setattr(state, name, value)
    SyncState.objects.filter(pk=state.pk).update(**values)


def begin(state: SyncState) -> None:
    """Record that the entity is being read."""
    put(state, status=SyncState.Status.IN_PROGRESS, started_at=clock.now(), error_message="")


def succeed(state: SyncState, records: int) -> None:
    """Record that the tables hold all that the source had."""
    now = clock.now()
    put(
        state,
        status=SyncState.Status.SUCCESS,
        last_sync_time=now,
        last_sync_duration_ms=_lasted(state, now),
        records_synced=records,
        error_message="",
    )


def fail(state: SyncState, says: str) -> None:
    """Record why the entity was not read to its end; watermark and cursor stay."""
    took = _lasted(state, clock.now())
    says = says[:LONGEST]
    put(state, status=SyncState.Status.FAILED, last_sync_duration_ms=took, error_message=says)


def bury_the_dead(source: str) -> None:
    """Record that runs which are not under way any more were interrupted; call it alone."""
    SyncState.objects.filter(source=source, status=SyncState.Status.IN_PROGRESS).update(
        status=SyncState.Status.FAILED, error_message=INTERRUPTED
    )
    SyncRun.objects.filter(source=source, status=SyncRun.Status.IN_PROGRESS).update(
        status=SyncRun.Status.FAILED, message=INTERRUPTED, finished_at=clock.now()
    )


def _lasted(state: SyncState, now: datetime) -> int:
    began = state.started_at or now
    return max(0, round((now - began).total_seconds() * 1000))
