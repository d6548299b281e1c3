"""One run of a sync: each kind of record is read as far as it can be, then all land together."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from revops_site.kernel import audit, clock, freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.records import Run
from revops_site.kernel.models import SyncRun, SyncState, User
from revops_site.kernel.sealing import BrokenSealError
from revops_site.kernel.sources import Entity, Reader, Settings, Source, SourceError
from revops_site.kernel.sync import (
    connections,
    following,
    garbage,
    keeping,
    landing,
    locks,
    reading,
    states,
)

logger = logging.getLogger(__name__)

KEPT = timedelta(days=90)
NOTED_EVERY = 1.0  # seconds
MANY = 5_000  # records
FAILED = "The product failed at it. Your administrator finds why in the log."
NOT_CONNECTED = "{} is not connected: enter the company and a token on the set-up page."


class Told(NamedTuple):
    """How far a run is: the kind of record, what is done with it, how many records so far."""

    entity: str
    stage: str
    records: int


Progress: TypeAlias = Callable[[Told], None]


def run(
    source: Source,
    catalog: Sequence[Dataset],
    *,
    entities: Sequence[str] | None = None,
    full: bool = False,
    reconcile: bool = False,
    run_id: uuid.UUID | None = None,
    by: User | None = None,
    progress: Progress | None = None,
) -> SyncRun:
    """Read a source and load what is new; the run as it ended, with what went wrong.

    ``entities`` None is all that are due. ``full`` reads everything anew and believes what it
    sees; ``reconcile`` reads everything, and looks for what is gone. ``run_id`` is that of a run
    which ``start`` has put in the queue: what it was asked for counts then. Raises BusyError where
    another run of the source is under way.
    """
    with locks.alone(source.name):
        states.bury_the_dead(source.name)
        record = _begun(source, run_id, entities, full, reconcile, by)
        try:
            with garbage.spared():
                says = _Going(source, catalog, record, progress).go()
        except Exception:
            logger.exception("the sync of %s failed", source.name)
            _end(record, FAILED)
            states.bury_the_dead(source.name)
            raise
        _end(record, says)
    return record


def _begun(
    source: Source,
    run_id: uuid.UUID | None,
    entities: Sequence[str] | None,
    full: bool,
    reconcile: bool,
    by: User | None,
) -> SyncRun:
    now = clock.now()
    SyncRun.objects.filter(source=source.name, asked_at__lt=now - KEPT).delete()
    asked = {
        "entities": list(entities) if entities is not None else None,
        "is_full": full,
        "is_reconcile": reconcile,
        "by": by,
        "asked_at": now,
    }
    record, _ = SyncRun.objects.get_or_create(
        id=run_id or uuid.uuid4(), defaults={"source": source.name, **asked}
    )
    record.status, record.started_at = SyncRun.Status.IN_PROGRESS, now
    record.save(update_fields=["status", "started_at"])
    return record


def _end(record: SyncRun, says: str) -> None:
    record.status = SyncRun.Status.FAILED if says else SyncRun.Status.SUCCESS
    record.message, record.finished_at = says, clock.now()
    record.save(
        update_fields=["status", "message", "finished_at", "records", "requests", "changed"]
    )
    audit.record(
        f"sync {record.status}",
        user=record.by,
        target=record.source,
        records=record.records,
        changed=record.changed,
        why=says,
    )


@dataclass
class _Going:
    """A run under way."""

    source: Source
    catalog: Sequence[Dataset]
    record: SyncRun
    progress: Progress | None
    read: dict[str, int] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    ended: str = ""
    noted: float = 0.0

    def go(self) -> str:
        """Do all of it; what went wrong, in sentences."""
        try:
            settings = connections.settings_of(self.source.name)
        except BrokenSealError as error:
            return self._nothing(str(error))
        if settings is None:
            return self._nothing(NOT_CONNECTED.format(self.source.label))
        with self.source.reader(settings) as reader:
            try:
                at = reader.check().at
                self._read_all(reader, at)
            except SourceError as error:
                return self._nothing(str(error))
            finally:
                self.record.requests = reader.requests
        self._land(settings, at)
        return " ".join(dict.fromkeys(self.failed.values()))

    def _nothing(self, says: str) -> str:
        """Nothing can be read: all that was asked for says so."""
        for entity in self.source.entities:
            wanted = self.record.entities is None or entity.name in self.record.entities
            if wanted and not entity.is_lazy:
                states.begin(states.state_of(self.source.name, entity.name))
                self._fail(entity, says)
        return says

    def _read_all(self, reader: Reader, at: datetime) -> None:
        for entity in self.source.entities:
            if self._is_wanted(entity, at):
                self._read(reader, entity, at)
        for entity in self.source.entities:
            if entity.name not in {*self.read, *self.failed} and self._is_missed(entity):
                self._read(reader, entity, at)

    def _is_wanted(self, entity: Entity, at: datetime) -> bool:
        if entity.is_lazy:
            return False
        if self.record.entities is not None:
            return entity.name in self.record.entities
        if self.record.is_full or self.record.is_reconcile:
            return True
        return reading.is_due(entity, states.state_of(self.source.name, entity.name), at)

    def _is_missed(self, entity: Entity) -> bool:
        """Whether what was read names a record of this entity that nobody knows."""
        return entity.is_daily and any(
            keeping.names_unknown(self.source.name, other.name, name, named)
            for other in self.source.entities
            if other.name in self.read
            for name, named in other.names.items()
            if named == entity.name
        )

    def _read(self, reader: Reader, entity: Entity, at: datetime) -> None:
        state = states.state_of(self.source.name, entity.name)
        states.begin(state)
        if self.ended:
            self._fail(entity, self.ended)
            return
        try:
            self.read[entity.name] = self._count(reader, entity, state, at)
        except SourceError as error:
            self._fail(entity, str(error))
            self.ended = str(error) if error.is_of_all else ""
        except Exception:
            logger.exception("%s %s was not read", self.source.name, entity.name)
            self._fail(entity, FAILED)

    def _count(self, reader: Reader, entity: Entity, state: SyncState, at: datetime) -> int:
        """Read an entity; how many records it gave."""
        name, asked = self.source.name, self.record
        if entity.follows:
            following.note(self.source, entity, state, at)
            heard = self._hearing(entity, 0)
            return following.read(reader, self.source, entity, state, heard)
        full, reconcile = asked.is_full, asked.is_reconcile
        what = reading.plan(name, entity, state, at, full=full, reconcile=reconcile)
        heard = self._hearing(entity, what.records)
        return reading.read(reader, name, entity, state, what, insist=full, heard=heard).records

    def _hearing(self, entity: Entity, so_far: int) -> reading.Heard:
        """What counts the records as they come."""
        counted = so_far
        self._tell(entity, "reading", counted)

        def heard(records: int) -> None:
            nonlocal counted
            counted += records
            self.record.records += records
            self._note_progress()
            self._tell(entity, "reading", counted)

        return heard

    def _note_progress(self) -> None:
        """Let those who look on know, now and then, how far the run is."""
        now = time.monotonic()
        if now - self.noted >= NOTED_EVERY:
            self.noted = now
            self.record.save(update_fields=["records"])

    def _land(self, settings: Settings, at: datetime) -> None:
        good = [entity for entity in self.source.entities if entity.name in self.read]
        if sum(self.read.values()) > MANY:
            keeping.settle()
        zone = ZoneInfo(freshness.workspace().time_zone)
        run = Run(self.record.pk, clock.now(), self.record.by, False, "sync")
        for entity in good:
            self._tell(entity, "writing", self.read[entity.name])
        try:
            done = landing.land(
                self.source, settings, self.catalog, good, run, at.astimezone(zone).date()
            )
        except Exception:
            for entity in good:
                self._fail(entity, landing.FAILED)
            raise
        self.record.changed = done.changed
        for entity in good:
            if entity.name in done.failed:
                self._fail(entity, done.failed[entity.name])
            else:
                state = states.state_of(self.source.name, entity.name)
                states.succeed(state, self.read[entity.name])

    def _fail(self, entity: Entity, says: str) -> None:
        self.failed[entity.name] = says
        states.fail(states.state_of(self.source.name, entity.name), says)
        self._tell(entity, "failed", self.read.get(entity.name, 0))

    def _tell(self, entity: Entity, stage: str, records: int) -> None:
        if self.progress:
            self.progress(Told(entity.label, stage, records))
