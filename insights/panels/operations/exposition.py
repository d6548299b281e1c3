"""What Prometheus reads of the database at this moment: the same from whichever process answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

import structlog
from django.db import DatabaseError, InterfaceError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from coaching.queries import mails as follow_ups
from insights.queries import jobs, syncs
from insights.queries import operations as read
from revops_site.guarded import patience
from revops_site.kernel import clock, health, meters, replica
from revops_site.kernel.auditing.standing import standing
from revops_site.kernel.backups import records as backups
from revops_site.kernel.sources import Source

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = 5.0  # that one question to the database may take
Reader: TypeAlias = Callable[[datetime], Iterator[Metric]]

SYNC_STATES = (
    *(syncs.OFF, syncs.LEFT, syncs.PAUSED, syncs.NEVER, syncs.WAITING),
    *(syncs.RUNNING, syncs.FAILED, syncs.STALE, syncs.FRESH),
)


def page(sources: Sequence[Source]) -> bytes:
    """All metrics as text. Where the database is away, those of the web processes are told."""
    with patience.knowing():
        return generate_latest(meters.registry(Service(sources)))


@dataclass(frozen=True)
class Service(Collector):
    """Everything that is not of one web process: read anew for each scrape."""

    sources: Sequence[Source]

    def describe(self) -> Iterable[Metric]:
        """Nothing ahead: what there is depends on the data."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Each family; one that fails is left out, and told as such."""
        now = clock.now()
        parts = health.parts_that_work()
        ready = GaugeMetricFamily(
            "revops_ready", "Whether a part works, as /readyz tells.", labels=["part"]
        )
        for part, works in parts.items():
            ready.add_metric([part], works)
        yield ready
        yield from _disk()
        failed = 0
        readers: dict[str, Reader] = {**READERS, "syncs": partial(_syncs, self.sources)}
        for name, read_them in readers.items() if parts["database"] else ():
            try:
                with patience.at_most(SECONDS):
                    found = list(read_them(now))
            except (DatabaseError, InterfaceError) as error:
                failed += 1
                log = structlog.get_logger("metrics")
                log.warning("not read", part=name, reason=type(error).__name__)
            else:
                yield from found
        told = "Readings that this scrape lacks, since the database did not give them."
        yield GaugeMetricFamily("revops_scrape_failures", told, failed)


def _disk() -> Iterator[Metric]:
    free = GaugeMetricFamily(
        "revops_disk_free_bytes", "Free space where the product is and writes.", labels=["place"]
    )
    for place, count in health.free_bytes().items():
        free.add_metric([place], count)
    yield free


def _database(now: datetime) -> Iterator[Metric]:
    found = read.server()
    by_state = GaugeMetricFamily(
        "revops_database_connections", "Connections to the database.", labels=["state"]
    )
    for state, count in found.connections.items():
        by_state.add_metric([state], count)
    yield by_state
    for name, says, value in (
        ("connections_max", "Connections that the server takes.", found.most),
        ("size_bytes", "Size of the database.", found.size),
        ("start_time_seconds", "When the server was started.", found.started),
        ("longest_transaction_seconds", "Age of the oldest transaction.", found.longest),
    ):
        yield GaugeMetricFamily(f"revops_database_{name}", says, value)


def _replica(now: datetime) -> Iterator[Metric]:
    """Without samples where there is no replica."""
    serves = GaugeMetricFamily(
        "revops_replica_serves", "Whether pages are read from the replica.", labels=[]
    )
    of_bytes = GaugeMetricFamily(
        "revops_replica_behind_bytes", "Written by the primary and not replayed.", labels=[]
    )
    of_seconds = GaugeMetricFamily(
        "revops_replica_behind_seconds", "Age of what a late replica replayed last.", labels=[]
    )
    if replica.is_used():
        try:
            found = replica.standing()
        except replica.ReplicaError:
            found = None
        serves.add_metric([], found is not None and found.serves())
        if found is not None:
            of_bytes.add_metric([], found.behind_bytes)
            of_seconds.add_metric([], found.behind_seconds)
    yield from (serves, of_bytes, of_seconds)


def _queue(now: datetime) -> Iterator[Metric]:
    count, silence = read.workers(now)
    yield GaugeMetricFamily("revops_workers", "Workers that reported back a moment ago.", count)
    if silence is not None:
        says = "Seconds since a worker reported back."
        yield GaugeMetricFamily("revops_worker_silence_seconds", says, silence)
    state = GaugeMetricFamily(
        "revops_jobs", "Jobs in the queue, by state.", labels=["queue", "state"]
    )
    oldest = GaugeMetricFamily(
        "revops_jobs_oldest_waiting_seconds", "Age of the oldest waiting job.", labels=["queue"]
    )
    for one in read.queues(now):
        for name, number in (("todo", one.waiting), ("doing", one.doing), ("failed", one.failed)):
            state.add_metric([one.name, name], number)
        oldest.add_metric([one.name], one.oldest)
    yield state
    yield oldest


def _jobs(now: datetime) -> Iterator[Metric]:
    took = HistogramMetricFamily(
        "revops_job_seconds", "How long jobs took, and how they ended.", labels=["task", "outcome"]
    )
    for one in jobs.tallies():
        bounds = [str(bound) for bound in jobs.BOUNDS]
        buckets = [*zip(bounds, one.within, strict=False), ("+Inf", one.count)]
        took.add_metric([one.task, one.outcome], buckets, one.seconds)
    yield took


def _loads(now: datetime) -> Iterator[Metric]:
    labels = ["dataset", "kind", "status"]
    count = CounterMetricFamily("revops_loads", "Loads that ended.", labels=labels)
    took = CounterMetricFamily("revops_load_seconds", "Seconds that loads took.", labels=labels)
    rows = CounterMetricFamily(
        "revops_load_rows", "Rows that files brought.", labels=["dataset", "outcome"]
    )
    for one in read.loads():
        named = [one.dataset, one.kind, one.status]
        count.add_metric(named, one.count)
        took.add_metric(named, one.seconds)
    for dataset, outcome, number in _row_counts():
        rows.add_metric([dataset, outcome], number)
    yield from (count, took, rows)


def _row_counts() -> Iterator[tuple[str, str, int]]:
    sums: dict[tuple[str, str], int] = {}
    for one in read.loads():
        for outcome, number in (("accepted", one.accepted), ("refused", one.refused)):
            key = (one.dataset, outcome)
            sums[key] = sums.get(key, 0) + number
    yield from ((*key, number) for key, number in sums.items())


def _ages(now: datetime) -> Iterator[Metric]:
    day = GaugeMetricFamily(
        "revops_data_last_day_timestamp_seconds",
        "The last day of a dataset's data, at its beginning in UTC.",
        labels=["dataset"],
    )
    loaded = GaugeMetricFamily(
        "revops_data_loaded_timestamp_seconds",
        "When a file or a sync last brought some of a dataset.",
        labels=["dataset"],
    )
    for one in read.ages():
        if one.last_day is not None:
            day.add_metric([one.dataset], read.midnight(one.last_day))
        if one.loaded_at is not None:
            loaded.add_metric([one.dataset], one.loaded_at.timestamp())
    yield from (day, loaded)


def _people(now: datetime) -> Iterator[Metric]:
    opened, active = read.sessions(now)
    yield GaugeMetricFamily("revops_sessions_open", "Sessions that have not ended.", opened)
    says = "Sessions that were used in the last quarter of an hour."
    yield GaugeMetricFamily("revops_sessions_active", says, active)


def _mails(now: datetime) -> Iterator[Metric]:
    found = [
        *read.mails(now),
        *(read.Mails(read.FOLLOW_UPS, *one) for one in follow_ups.states(now)),
    ]
    count = GaugeMetricFamily("revops_mails", "Mails by state.", labels=["kind", "state"])
    oldest = GaugeMetricFamily(
        "revops_mails_oldest_waiting_seconds", "Age of the oldest unsent mail.", labels=["kind"]
    )
    for one in found:
        count.add_metric([one.kind, one.state], one.count)
    for kind in sorted({one.kind for one in found}):
        waits = [one.oldest for one in found if one.kind == kind and one.state in read.WAITING]
        oldest.add_metric([kind], max(waits, default=0.0))
    yield from (count, oldest)


def _syncs(sources: Sequence[Source], now: datetime) -> Iterator[Metric]:
    state = GaugeMetricFamily(
        "revops_sync_state", "1 for the state that a source is in.", labels=["source", "state"]
    )
    fresh = GaugeMetricFamily(
        "revops_sync_fresh_timestamp_seconds", "As of when a source was read.", labels=["source"]
    )
    for one in syncs.standings(sources):
        for name in SYNC_STATES:
            state.add_metric([one.source.name, name], name == one.state)
        if one.fresh_at is not None:
            fresh.add_metric([one.source.name], one.fresh_at.timestamp())
    yield from (state, fresh)


def _audit(now: datetime) -> Iterator[Metric]:
    found = standing()
    since = (now - found.oldest).total_seconds() if found.oldest else 0.0
    for name, says, value in (
        ("links", "Links of the chain over the audit log.", found.links),
        ("unsealed_rows", "Rows of the audit log that wait for a link.", found.waiting),
        ("unsealed_oldest_seconds", "Age of the oldest row without a link.", since),
        ("head_fits", "Whether the chain ends where it was told to.", int(found.fits)),
    ):
        yield GaugeMetricFamily(f"revops_audit_{name}", says, value)


def _backups(now: datetime) -> Iterator[Metric]:
    found = backups.state(now)
    says = "Whether a backup of the last 26 hours was restored and found equal."
    yield GaugeMetricFamily("revops_backup_is_well", says, int(found.is_well))
    if found.verified is not None:
        says = "When the newest backup was begun that was restored and found equal."
        at = found.verified.began_at.timestamp()
        yield GaugeMetricFamily("revops_backup_verified_timestamp_seconds", says, at)
        says = "Size of the newest backup that was verified."
        yield GaugeMetricFamily("revops_backup_bytes", says, found.verified.bytes)


READERS: Mapping[str, Reader] = {
    "database": _database,
    "replica": _replica,
    "queue": _queue,
    "jobs": _jobs,
    "loads": _loads,
    "ages": _ages,
    "sessions": _people,
    "mails": _mails,
    "audit": _audit,
    "backups": _backups,
}
