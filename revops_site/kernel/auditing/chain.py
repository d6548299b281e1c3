"""The chain over the audit log: rows are sealed behind the writers' backs, and can be verified.

A writer only inserts its row. The sealer comes after it, alone, and adds a link for each row that
it has not seen: the digest of what the row says, and an HMAC over this link and the one before. The
key is outside of the database, so whoever can only write there cannot make a chain that fits; and
the head is told to the log and to a file beside the database, so a cut end shows too.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction

from revops_site.kernel import audit, clock, locks
from revops_site.kernel.models import AuditEvent, AuditSeal, User

LOCK = "audit seals"
BATCH = 5_000
LATE_SECONDS = 15 * 60  # after which a row without a link means that nobody seals
REDACTED, FORGOTTEN = "audit rows redacted", "audit rows forgotten"
BEGINNING = "0" * 64
UNSEALED = """
    SELECT event.* FROM kernel_auditevent AS event
    LEFT JOIN kernel_auditseal AS seal ON seal.event_id = event.id
    WHERE seal.event_id IS NULL AND event.id > %s
    ORDER BY event.id LIMIT %s
"""
LONGEST_WAIT = timedelta(hours=6)  # that a row may lie in a transaction before others see it
LATECOMERS = 50_000  # rows that a long transaction may stay behind, and still be seen at once

log = structlog.get_logger("audit")


@dataclass
class Found:
    """What a verification saw; ``problems`` is empty for a log that nobody touched."""

    rows: int = 0
    links: int = 0
    head: str = BEGINNING
    waiting: int = 0
    redacted: int = 0
    forgotten: int = 0
    problems: list[str] = field(default_factory=list)


def seal(*, thoroughly: bool = False) -> int:
    """Link every row that has no link yet; how many there were.

    Rows that come late, from long transactions, are seen as well; ``thoroughly`` looks through all.
    """
    sealed = 0
    while count := _sealed_batch(thoroughly):
        sealed += count
    return sealed


@transaction.atomic
def _sealed_batch(thoroughly: bool) -> int:
    locks.queue_for(LOCK)
    last = AuditSeal.objects.order_by("-number").first()
    newest = AuditSeal.objects.order_by("-event_id").values_list("event_id", flat=True).first()
    after = -1 if thoroughly or newest is None else newest - LATECOMERS
    rows = list(AuditEvent.objects.raw(UNSEALED, [after, BATCH]))
    number, before = (last.number, last.chain) if last else (0, BEGINNING)
    links: list[AuditSeal] = []
    for row in rows:
        number += 1
        link = AuditSeal(number=number, event_id=row.pk, person=row.user_id, digest=digest(row))
        link.key = _fingerprint(_keys()[0])
        link.chain = before = _chained(before, link, _keys()[0])
        links.append(link)
    AuditSeal.objects.bulk_create(links, batch_size=1_000)
    if links:
        transaction.on_commit(lambda: _tell(links[-1]))
    return len(links)


def verify() -> Found:
    """Look at every row and every link: changed, taken out, slipped in, moved, or cut off."""
    found = Found()
    upkeep = _upkeep(found)
    before, expected = BEGINNING, 1
    latest: datetime | None = None
    people = set(User.objects.values_list("pk", flat=True))
    for link, row in _pairs():
        found.links += 1
        if link.number != expected:
            found.problems.append(f"Link {expected} to {link.number - 1}: taken out.")
        expected = link.number + 1
        if not _fits(before, link):
            found.problems.append(f"Link {link.number}: does not follow the one before it.")
        before = link.chain
        _compare(link, row, upkeep, people, found)
        if row is not None and latest is not None and row.at < latest - LONGEST_WAIT:
            found.problems.append(f"Row {row.pk} (link {link.number}): slipped in afterwards.")
        latest = max(latest or row.at, row.at) if row is not None else latest
    found.head = before
    _unlinked(found)
    headed(found)
    return found


def digest(row: AuditEvent) -> str:
    """SHA-256 of what a row says, but for who did it, which the link keeps itself."""
    said = {
        "id": row.pk,
        "at": row.at.isoformat(),
        "action": row.action,
        "target": row.target,
        "detail": row.detail,
        "address": row.address,
        "request": row.request_id,
    }
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


@transaction.atomic
def redact(rows: Mapping[int, Mapping[str, Any]], *, by: User | None, why: str) -> int:
    """Put other words into rows, id → {target, detail}; the chain is told of it. How many were."""
    if not rows:
        return 0
    seal(thoroughly=True)
    _announce()
    digests: dict[str, str] = {}
    for row in AuditEvent.objects.select_for_update().filter(pk__in=rows):
        AuditEvent.objects.filter(pk=row.pk).update(**rows[row.pk])
        row.refresh_from_db()
        digests[str(row.pk)] = digest(row)
    audit.record(REDACTED, user=by, target=why, rows=digests)
    return len(digests)


@transaction.atomic
def forget(before: datetime) -> int:
    """Delete the rows that are older than this moment; their links stay. How many were."""
    seal(thoroughly=True)
    old = AuditEvent.objects.filter(at__lt=before)
    links = AuditSeal.objects.filter(event_id__in=old.values("pk"))
    spans = _spans(links.order_by("number").values_list("number", flat=True).iterator())
    if not spans:
        return 0
    _announce()
    count, _ = old.delete()
    audit.record(FORGOTTEN, target=f"before {before:%Y-%m-%d}", links=spans, count=count)
    return count


def _spans(numbers: Iterator[int]) -> list[list[int]]:
    """Runs of numbers, each as its first and its last."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return spans


def _announce() -> None:
    """Say to the trigger that this transaction is upkeep, which will be written down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('revops.audit_upkeep', 'on', true)")


@dataclass
class _Upkeep:
    """What upkeep said that it did: digests of rows that have other words, links without rows."""

    digests: dict[int, set[str]] = field(default_factory=dict)
    spans: list[list[int]] = field(default_factory=list)

    def forgot(self, number: int) -> bool:
        return any(first <= number <= last for first, last in self.spans)


def _upkeep(found: Found) -> _Upkeep:
    told = _Upkeep()
    for row in AuditEvent.objects.filter(action__in=[REDACTED, FORGOTTEN]).iterator():
        for pk, said in row.detail.get("rows", {}).items():
            told.digests.setdefault(int(pk), set()).add(said)
        told.spans += row.detail.get("links", [])
    return told


def _pairs() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    """Each link with its row, in the order of the links."""
    last = 0
    while links := list(AuditSeal.objects.filter(number__gt=last).order_by("number")[:BATCH]):
        rows = AuditEvent.objects.in_bulk([link.event_id for link in links])
        yield from ((link, rows.get(link.event_id)) for link in links)
        last = links[-1].number


def _compare(
    link: AuditSeal, row: AuditEvent | None, upkeep: _Upkeep, people: set[int], found: Found
) -> None:
    where = f"Row {link.event_id} (link {link.number})"
    if row is None:
        if upkeep.forgot(link.number):
            found.forgotten += 1
        else:
            found.problems.append(f"{where}: taken out.")
        return
    found.rows += 1
    said = digest(row)
    if said != link.digest:
        if said in upkeep.digests.get(row.pk, set()):
            found.redacted += 1
        else:
            found.problems.append(f"{where}: changed.")
    if row.user_id != link.person and (row.user_id is not None or link.person in people):
        found.problems.append(f"{where}: put down to somebody else.")


def _unlinked(found: Found) -> None:
    """Rows that have no link: new ones wait for it; old ones were slipped in, or nobody seals."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.id, event.at FROM kernel_auditevent AS event "
            "LEFT JOIN kernel_auditseal AS seal ON seal.event_id = event.id "
            "WHERE seal.event_id IS NULL ORDER BY event.id"
        )
        waiting: Sequence[tuple[int, datetime]] = cursor.fetchall()
    found.waiting = len(waiting)
    found.rows += len(waiting)
    now = clock.now()
    late = [pk for pk, at in waiting if (now - at).total_seconds() > LATE_SECONDS]
    if late:
        found.problems.append(
            f"{len(late)} rows have no link, the first of them row {late[0]}: slipped in, or the "
            "worker does not run."
        )


def headed(found: Found) -> None:
    """The head that was told beside the database must be a link of the chain still."""
    with suppress(OSError, ValueError, KeyError):
        told = json.loads(_head_file().read_text())
        kept = AuditSeal.objects.filter(number=told["number"]).first()
        if kept is None or kept.chain != told["chain"]:
            found.problems.append(
                f"Link {told['number']}, which {_head_file().name} names, is not there: the end "
                "was cut off, or the chain was made anew, or an older backup was restored."
            )


def _tell(link: AuditSeal) -> None:
    log.info("sealed", number=link.number, chain=link.chain)
    with suppress(OSError):
        new = _head_file().with_suffix(".new")
        new.write_text(json.dumps({"number": link.number, "chain": link.chain}))
        new.replace(_head_file())


def _head_file() -> Path:
    return Path(settings.VAR) / "audit-head.json"


def _chained(before: str, link: AuditSeal, key: bytes) -> str:
    said = "|".join(map(str, (before, link.number, link.event_id, link.person, link.digest)))
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def _fits(before: str, link: AuditSeal) -> bool:
    keys = [key for key in _keys() if _fingerprint(key) == link.key]
    return any(hmac.compare_digest(_chained(before, link, key), link.chain) for key in keys)


def _keys() -> list[bytes]:
    """The keys, newest first; an old one must stay named as long as its links are verified."""
    return [hashlib.sha256(f"audit chain|{key}".encode()).digest() for key in settings.SEALING_KEYS]


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]
