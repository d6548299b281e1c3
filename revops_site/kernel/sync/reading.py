"""Records from their source to where they are kept, page by page, so that nothing is missed.

With some pages goes, in the same transaction, where the next one begins; with the last one up to
when the source's changes are here. That moment is the source's own, from before the first page.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from django.db import connection, transaction
from django.db.models import Max

from revops_site.kernel.models import SourceRecord, SyncState
from revops_site.kernel.sources import (
    BadCursorError,
    BadDataError,
    Entity,
    Page,
    Reader,
    Record,
    SourceError,
    TransientError,
)
from revops_site.kernel.sync import keeping, states
from revops_site.kernel.sync.ahead import ahead

OVERLAP = timedelta(seconds=90)
DAY = timedelta(days=1)
LONGEST_GAP = timedelta(days=25)
CURSORS_LIVE = timedelta(hours=12)
AT_ONCE = 100
AHEAD, ENOUGH = 8, 5_000  # pages, records
FEW, MOST = 20, 0.5
ATTEMPTS = 5
STUCK = "{label}: the list does not go on."
VANISHED = (
    "{label}: the source shows {gone} of {all} no more. Nothing was taken out. Look whether the "
    "token’s user may see everything; if they are truly gone, run a full sync."
)

Heard: TypeAlias = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """What is left to read of an entity: ``part`` of its passes from ``cursor`` on.

    ``reading`` numbers a whole reading, 0 is one of changes ``since``; ``began`` is the source's
    time before its first page.
    """

    began: datetime
    since: datetime | None
    reading: int
    part: int = 0
    cursor: str | None = None
    records: int = 0

    def plain(self) -> dict[str, Any]:
        """As it is kept between pages."""
        since = self.since and self.since.isoformat()
        return asdict(self) | {"began": self.began.isoformat(), "since": since}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Plan:
        """As it was kept."""
        since = kept["since"] and datetime.fromisoformat(kept["since"])
        return cls(**kept | {"began": datetime.fromisoformat(kept["began"]), "since": since})


def is_due(entity: Entity, state: SyncState, at: datetime) -> bool:
    """Whether an entity is to be read now, where nobody asked for it."""
    failed = state.status == SyncState.Status.FAILED
    mark = state.watermark
    return not entity.is_daily or failed or mark is None or at - mark >= DAY


def plan(
    source: str, entity: Entity, state: SyncState, at: datetime, *, full: bool, reconcile: bool
) -> Plan:
    """How an entity is read now: where an interrupted reading goes on, as a whole, or changes."""
    whole = (
        full
        or reconcile
        or not entity.can_ask_changes
        or state.watermark is None
        or state.last_reconciled_at is None
        or at - state.watermark > LONGEST_GAP
        or at - state.last_reconciled_at >= DAY
    )
    if state.cursor and not full:
        saved = Plan.of(state.cursor)
        fits = bool(saved.reading) or not whole
        if fits and saved.part < len(entity.passes) and at - saved.began <= CURSORS_LIVE:
            return saved
    if whole:
        return Plan(at, None, _next_reading(source, entity.name))
    assert state.watermark is not None
    return Plan(at, state.watermark, 0)


def read(
    reader: Reader,
    source: str,
    entity: Entity,
    state: SyncState,
    what: Plan,
    *,
    insist: bool,
    heard: Heard,
) -> Plan:
    """Keep all that there is to read; the plan as it ended.

    ``insist`` believes a source that shows less than half of what it had.
    """
    batch = _Batch(source, entity, state)
    try:
        with closing(ahead(_pages(reader, entity, what), AHEAD)) as coming:
            for page, what in coming:
                batch.add(page, what)
                heard(len(page.records))
    except SourceError:
        batch.keep()
        raise
    batch.keep()
    if what.reading == 1:
        _save(state, what, is_end=True)
    elif what.reading:
        _look_for_absent(reader, source, entity, what)
        with transaction.atomic():
            _bury(source, entity, what, insist)
            _save(state, what, is_end=True)
    return what


@dataclass
class _Batch:
    """Pages on their way to where they are kept: several at once cost less than each alone."""

    source: str
    entity: Entity
    state: SyncState
    records: list[Record] = field(default_factory=list)
    what: Plan | None = None

    def add(self, page: Page, what: Plan) -> None:
        """Take a page in; ``what`` is left to read after it."""
        self.records += page.records
        self.what = what
        if len(self.records) >= ENOUGH:
            self.keep()

    def keep(self) -> None:
        """Keep what was taken in, together with how far that reaches."""
        if self.what is None:
            return
        what, self.what = self.what, None
        is_over = what.part >= len(self.entity.passes)
        with transaction.atomic():
            _hurry()
            keeping.keep(self.source, self.entity.name, self.records, what.reading)
            _save(self.state, what, is_end=is_over and not what.reading)
        self.records = []


def _pages(reader: Reader, entity: Entity, what: Plan) -> Generator[tuple[Page, Plan]]:
    """Each page that there is, and what is left to read after it."""
    while what.part < len(entity.passes):
        page, what = _page(reader, entity, what)
        what = _after(what, page)
        yield page, what


def _page(reader: Reader, entity: Entity, what: Plan) -> tuple[Page, Plan]:
    """The next page; a pass whose cursor is not known any more begins again, once."""
    part = entity.passes[what.part]
    for _ in range(ATTEMPTS):
        try:
            page = reader.page(entity.name, part, what.since, what.cursor)
        except BadCursorError:
            if what.cursor is None:
                raise
            what = replace(what, cursor=None)
            continue
        if page.cursor is None or page.cursor != what.cursor:
            return page, what
    raise TransientError(STUCK.format(label=entity.label))


def _hurry() -> None:
    """Do not wait until this transaction is on the disk.

    Should the server's machine fail now, pages are lost together with how far they reached, and
    are read again.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _after(what: Plan, page: Page) -> Plan:
    """What is left to read after a page."""
    part = what.part + (page.cursor is None)
    return replace(what, part=part, cursor=page.cursor, records=what.records + len(page.records))


def _save(state: SyncState, what: Plan, is_end: bool) -> None:
    if not is_end:
        states.put(state, cursor=what.plain())
    elif what.reading:
        mark = what.began - OVERLAP
        states.put(state, cursor=None, watermark=mark, last_reconciled_at=what.began)
    else:
        states.put(state, cursor=None, watermark=what.began - OVERLAP)


def _look_for_absent(reader: Reader, source: str, entity: Entity, what: Plan) -> None:
    """Ask by id for what no list showed: it may have gone from one list to another meanwhile."""
    absent = keeping.unseen(source, entity.name, what.reading)
    for start in range(0, len(absent), AT_ONCE):
        found = list(reader.get(entity.name, absent[start : start + AT_ONCE]))
        keeping.keep(source, entity.name, found, what.reading)


def _bury(source: str, entity: Entity, what: Plan, insist: bool) -> None:
    gone = keeping.unseen(source, entity.name, what.reading)
    known = keeping.living(source, entity.name)
    if not insist and len(gone) > max(FEW, known * MOST):
        raise BadDataError(VANISHED.format(label=entity.label, gone=len(gone), all=known))
    keeping.purge(source, entity.name, what.reading)
    keeping.bury(source, entity.name, gone)


def _next_reading(source: str, entity: str) -> int:
    kept = SourceRecord.objects.filter(source=source, entity=entity)
    newest: int | None = kept.aggregate(newest=Max("reading"))["newest"]
    return (newest or 0) + 1
