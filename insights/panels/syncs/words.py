"""How a sync stands, in the words of those who sell; and the same for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.queries import syncs
from insights.queries.syncs import Standing
from revops_site.kernel import formats, queries
from revops_site.kernel.models import SyncRun, Workspace

# By state: how it is toned, its sign, the word for it.
TONES: Mapping[str, tuple[str, str, str]] = {
    syncs.OFF: ("muted", "offline", "Not connected"),
    syncs.LEFT: ("muted", "offline", "Disconnected"),
    syncs.PAUSED: ("warn", "offline", "Paused"),
    syncs.NEVER: ("muted", "clock", "Not synced yet"),
    syncs.WAITING: ("muted", "clock", "Sync waits"),
    syncs.RUNNING: ("muted", "retry", "Syncing"),
    syncs.FAILED: ("bad", "bad", "Sync failed"),
    syncs.STALE: ("warn", "warn", "Sync is late"),
    syncs.FRESH: ("good", "ok", "Up to date"),
}
GRAVEST = (
    *(syncs.RUNNING, syncs.WAITING, syncs.FAILED, syncs.STALE, syncs.PAUSED, syncs.NEVER),
    *(syncs.LEFT, syncs.FRESH, syncs.OFF),
)


def told(one: Standing, workspace: Workspace, *, counts: bool) -> dict[str, Any]:
    """A source's state as templates print it; ``counts`` tells how many records there are."""
    tone, icon, word = TONES[one.state]
    fresh = moment(one.fresh_at, workspace, one.now)
    nth, parts, _ = one.reached
    return {
        "name": one.source.name,
        "label": one.source.label,
        "state": one.state,
        "tone": tone,
        "icon": icon,
        "word": word,
        "short": f"Synced {fresh}" if one.state == syncs.FRESH else word,
        "says": _says(one, workspace, counts=counts),
        "at": fresh,
        "iso": one.fresh_at.isoformat() if one.fresh_at else "",
        "busy": one.is_busy,
        "progress": {"value": nth, "max": parts} if nth else None,
    }


def gravest(found: Sequence[Standing]) -> Standing:
    """The one of several that is told where there is room for one."""
    return min(found, key=lambda one: GRAVEST.index(one.state))


def moment(at: datetime | None, workspace: Workspace, now: datetime) -> str:
    """A moment as people of the workspace read it: its time, and its day unless that is today."""
    if at is None:
        return formats.UNKNOWN
    local, today = (one.astimezone(ZoneInfo(workspace.time_zone)) for one in (at, now))
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    return f"{formats.show(local.date(), 'date')}, {clock}"


def plain(found: Sequence[Standing], *, counts: bool) -> dict[str, Any]:
    """The same for programs: each kind of record as it was last read, and how old the data are.

    ``counts`` False leaves out how many records there are in the whole company.
    """
    connected = [one for one in found if one.state != syncs.OFF]
    fresh = [one.fresh_at for one in connected]
    known = [at for at in fresh if at is not None]
    oldest = min(known) if known and len(known) == len(fresh) else None
    return {
        "data_freshness": _iso(oldest),
        "is_stale": any(one.is_late for one in connected),
        "sources": [
            {"source": one.source.name, "label": one.source.label, "state": one.state}
            for one in found
        ],
        "entities": [
            {
                "entity_type": part.entity_type,
                "last_sync_time": _iso(part.last_sync_time),
                "last_sync_duration_ms": part.last_sync_duration_ms,
                "records_synced": part.records_synced if counts else None,
                "status": part.status or None,
                "error_message": part.error_message or None,
            }
            for one in connected
            for part in one.parts
        ],
    }


def indicator(found: Sequence[Standing], *, counts: bool, may_ask: bool) -> dict[str, Any]:
    """What the header shows; empty where nothing is connected."""
    connected = [one for one in found if one.state != syncs.OFF]
    if not connected:
        return {}
    workspace = queries.workspace()
    first = gravest(connected)
    return {
        **told(first, workspace, counts=counts),
        "sources": [told(one, workspace, counts=counts) for one in connected],
        "busy": any(one.is_busy for one in connected),
        "may_ask": may_ask and any(one.is_on for one in connected),
    }


def _says(one: Standing, workspace: Workspace, *, counts: bool) -> str:
    """The whole story in a sentence or two."""
    fresh = moment(one.fresh_at, workspace, one.now)
    if one.state == syncs.OFF:
        return f"{one.source.label} is not connected."
    if one.state == syncs.WAITING and one.run:
        return f"Asked for at {moment(one.run.asked_at, workspace, one.now)}; begins in a moment."
    if one.state == syncs.RUNNING:
        return _going(one, counts=counts)
    if one.state == syncs.NEVER:
        return "Nothing was read yet."
    figures = f" Figures are as of {fresh}." if one.fresh_at else " Nothing was read so far."
    if one.state == syncs.PAUSED:
        return f"RevOps or an admin has it not read for now.{figures}"
    if one.state == syncs.LEFT:
        return f"Nothing more is read from {one.source.label}.{figures}"
    if one.state == syncs.FAILED:
        return f"{one.run.message if one.run else ''}{figures}"
    minutes = int(syncs.interval().total_seconds() // 60)
    every = f"It should be every {minutes} minutes." if minutes > 1 else "It should be each minute."
    if one.state == syncs.STALE:
        return f"Last read {_ago(one)} ago, at {fresh}. {every}"
    return f"All that changed in {one.source.label} until {fresh} is here."


def _going(one: Standing, *, counts: bool) -> str:
    nth, parts, name = one.reached
    records = one.run.records if one.run and one.run.status == SyncRun.Status.IN_PROGRESS else 0
    so_far = f", {records:,} records so far" if counts and records else ""
    if not nth:
        return f"Begins to read{so_far}."
    return f"Reading {name.lower()}, {nth} of {parts}{so_far}."


def _ago(one: Standing) -> str:
    minutes = int((one.now - one.fresh_at).total_seconds() // 60) if one.fresh_at else 0
    for size, name in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}s"
    return f"{minutes} minutes"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None
