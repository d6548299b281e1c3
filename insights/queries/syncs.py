"""How each outside system stands: read a moment ago, being read, late, failed or not connected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from revops_site.kernel import clock, sync
from revops_site.kernel.models import DataLoad, SyncRun
from revops_site.kernel.sources import Source
from revops_site.kernel.sync import Status

OFF, LEFT, PAUSED, NEVER = "off", "disconnected", "paused", "never"
WAITING, RUNNING = "waiting", "running"
FAILED, STALE, FRESH = "failed", "stale", "fresh"
BUSY = frozenset({WAITING, RUNNING})
RESTING = frozenset({OFF, LEFT, PAUSED})
DAY = timedelta(days=1)
LONGEST_WAIT = timedelta(minutes=10)  # then nobody seems to work on what was asked for


@dataclass(frozen=True)
class Standing:
    """How a source stands as of ``now``.

    ``fresh_at`` is the oldest moment that one of those records was read which are read each time;
    what is read once a day counts where it is late by itself. Failed syncs move neither.
    """

    source: Source
    state: str
    now: datetime
    fresh_at: datetime | None = None
    run: SyncRun | None = None
    parts: Sequence[Status] = ()

    @property
    def is_on(self) -> bool:
        """Whether it is read at all."""
        return self.state not in RESTING

    @property
    def is_late(self) -> bool:
        """Whether what is here is older than it should be."""
        if self.state in {LEFT, PAUSED}:
            return self.fresh_at is None or self.now - self.fresh_at > 2 * interval()
        return self.state == STALE

    @property
    def is_busy(self) -> bool:
        """Whether it changes by itself in a moment."""
        return self.state in BUSY

    @property
    def reached(self) -> tuple[int, int, str]:
        """How far a run is: the place of the part that is read, of how many, and its name."""
        going = [nth for nth, one in enumerate(self.parts, 1) if one.status == "in_progress"]
        nth = going[-1] if going else 0
        return nth, len(self.parts), self.parts[nth - 1].label if nth else ""


def standings(sources: Sequence[Source]) -> list[Standing]:
    """How each source stands now."""
    return [standing(source) for source in sources]


def standing(source: Source) -> Standing:
    """How a source stands now."""
    now = clock.now()
    parts, is_connected = sync.status(source), sync.is_connected(source.name)
    fresh_at = _fresh_at(source, parts)
    was_read = any(one.last_sync_time for one in parts)
    if not is_connected and (not was_read or _is_replaced(source, parts)):
        return Standing(source, OFF, now)
    run = sync.newest_run(source)
    if not is_connected:
        state = PAUSED if sync.is_paused(source.name) else LEFT
        return Standing(source, state, now, fresh_at, run, parts)
    return Standing(source, _state(source, parts, run, fresh_at, now), now, fresh_at, run, parts)


def interval() -> timedelta:
    """How much time lies between two syncs."""
    return timedelta(minutes=settings.SYNC_INTERVAL_MINUTES)


def runs(source: Source, most: int) -> Sequence[SyncRun]:
    """The newest runs of a source, the newest first."""
    return list(SyncRun.objects.filter(source=source.name).select_related("by")[:most])


def _state(
    source: Source,
    parts: Sequence[Status],
    run: SyncRun | None,
    fresh_at: datetime | None,
    now: datetime,
) -> str:
    if any(one.status == "in_progress" for one in parts):
        return RUNNING
    if run and run.status == SyncRun.Status.IN_PROGRESS:
        return RUNNING
    if run and run.status == SyncRun.Status.QUEUED and now - run.asked_at < LONGEST_WAIT:
        return WAITING
    if run and run.status == SyncRun.Status.FAILED:
        return FAILED
    if fresh_at is None:
        return NEVER
    return STALE if _is_late(source, parts, fresh_at, now) else FRESH


def _is_replaced(source: Source, parts: Sequence[Status]) -> bool:
    """Whether files were loaded since of what the source gave: it tells nothing of them."""
    given = {name for entity in source.entities for name in entity.datasets}
    last = max(one.last_sync_time for one in parts if one.last_sync_time)
    loads = DataLoad.objects.filter(kind=DataLoad.Kind.FILE, status=DataLoad.Status.LOADED)
    return loads.filter(dataset__in=given, started_at__gt=last).exists()


def _fresh_at(source: Source, parts: Sequence[Status]) -> datetime | None:
    daily = {one.name for one in source.entities if one.is_daily}
    moments = [one.last_sync_time for one in parts if one.entity_type not in daily]
    known = [one for one in moments if one is not None]
    return min(known) if known and len(known) == len(moments) else None


def _is_late(source: Source, parts: Sequence[Status], fresh_at: datetime, now: datetime) -> bool:
    """Whether something is older than twice the time that lies between two readings of it."""
    daily = {one.name for one in source.entities if one.is_daily}
    seldom = [one.last_sync_time for one in parts if one.entity_type in daily]
    return now - fresh_at > 2 * interval() or any(
        at is not None and now - at > 2 * max(DAY, interval()) for at in seldom
    )
