"""Asks for a sync because a person wants one: one at a time, and none right after another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta

from insights.queries.syncs import Standing, standing
from revops_site.kernel import audit, sync
from revops_site.kernel.models import SyncRun, User
from revops_site.kernel.sources import Source

JUST_NOW = timedelta(seconds=20)


class RefusedError(Exception):
    """Why no sync is asked for: in a word for programs, a sentence, and the seconds to wait."""

    def __init__(self, word: str, says: str, wait: int = 0) -> None:
        super().__init__(says)
        self.word, self.wait = word, wait


def ask(sources: Sequence[Source], *, user: User, at: datetime, entity: str = "") -> None:
    """Have all connected sources read now, or one kind of their records; RefusedError if not."""
    asked = [one for one in sources if not entity or entity in _names(one)]
    if not asked:
        known = ", ".join(dict.fromkeys(name for one in sources for name in _names(one)))
        raise RefusedError("unknown_entity", f"Nothing of that name is synced. There are {known}.")
    connected = [found for found in map(standing, asked) if found.is_on]
    if not connected:
        labels = " or ".join(one.label for one in asked)
        raise RefusedError(
            "not_connected",
            f"{labels} is not read at present. RevOps or an admin sets it up on the page Data.",
        )
    free = [one for one in connected if not one.is_busy]
    if not free:
        raise RefusedError("sync_in_progress", "A sync is under way already.")
    wanted = [together(one.source, entity) if entity else None for one in free]
    waits = [_wait(one, entities, at) for one, entities in zip(free, wanted, strict=True)]
    if all(waits):
        raise RefusedError("too_soon", "All was read a moment ago.", max(waits))
    for one, entities, wait in zip(free, wanted, waits, strict=True):
        if not wait:
            _start(one.source, entities, user)


def together(source: Source, entity: str) -> list[str]:
    """A kind of record, and those that are read by way of it."""
    return sorted([entity, *(one.name for one in source.entities if one.follows == entity)])


def _start(source: Source, entities: Sequence[str] | None, user: User) -> None:
    sync.start(source.name, entities, by=user)
    audit.record("sync asked for", user=user, target=source.label, entities=entities)


def _wait(one: Standing, entities: Sequence[str] | None, at: datetime) -> int:
    """The seconds until the same may be asked for again."""
    run = one.run
    if run is None or run.finished_at is None or run.status == SyncRun.Status.QUEUED:
        return 0
    if run.entities not in (None, entities):
        return 0
    return max(0, math.ceil((run.finished_at + JUST_NOW - at).total_seconds()))


def _names(source: Source) -> list[str]:
    return [entity.name for entity in source.entities if not entity.is_lazy]
