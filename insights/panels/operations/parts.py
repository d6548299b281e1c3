"""What the service is made of: whether each part works, and where one mends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from coaching.queries import mails as follow_ups
from insights.panels.data.look import Look, Part, part
from insights.panels.data.tables import Column, Row, table
from insights.queries import operations as read
from insights.queries import syncs
from revops_site.kernel import health, replica
from revops_site.kernel.auditing.standing import Standing, standing
from revops_site.kernel.backups import records as backups
from revops_site.kernel.fragments.tables import Cell

SLUG = "ops-parts"
MEBIBYTE, GIBIBYTE = 1 << 20, 1 << 30
LITTLE = 5 * GIBIBYTE  # free; less than this is told in time
LATE_SECONDS = 15 * 60.0
MANUAL = "See docs/operations.md."
COLUMNS = (
    Column("part", "Part", sorts=False),
    Column("state", "State", sorts=False),
    Column("what", "What is known", sorts=False),
    Column("mend", "Where to mend it", sorts=False),
)
WORDS = {"good": "Works", "warn": "Look at it", "bad": "Does not work"}
ICONS = {"good": "ok", "warn": "warn", "bad": "bad"}


@dataclass(frozen=True)
class Found:
    """One part: its tone, what is known, the words that lead to where it is mended, and where."""

    name: str
    tone: str
    says: str
    mend: str
    url: str = ""


def the_parts(look: Look, systems: Callable[[], Sequence[Any]]) -> Part:
    """All parts, those that need somebody first."""
    return part(
        look,
        SLUG,
        "Does everything work?",
        lambda: _made(look, systems),
        subtitle="As of this moment.",
    )


def _made(look: Look, systems: Callable[[], Sequence[Any]]) -> Part:
    found = [
        *_service(look),
        *_replica(),
        _disk(),
        _data(look),
        *_sources(look, systems()),
        _mails(look.now),
        _audit(look.now, standing()),
        _backups(look),
    ]
    order = ("bad", "warn", "good")
    found.sort(key=lambda one: order.index(one.tone))
    bad = sum(one.tone != "good" for one in found)
    says = f"{bad} of {len(found)} parts need somebody." if bad else "All parts work."
    worst = found[0].tone
    return {
        "verdict": {"tone": worst, "icon": ICONS[worst], "says": says},
        "table": table(look, SLUG, says, COLUMNS, [_row(one) for one in found]),
        "announce": says,
    }


def _row(one: Found) -> Row:
    return [
        Cell(one.name),
        Cell(WORDS[one.tone], tone=one.tone, icon=ICONS[one.tone]),
        Cell(one.says, wraps=True),
        Cell(one.mend, href=one.url, wraps=True),
    ]


def _service(look: Look) -> list[Found]:
    works = health.parts_that_work()
    server = read.server()
    used = sum(server.connections.values())
    crowded = used > 0.8 * server.most
    says = f"{used} of {server.most} connections, {server.size / GIBIBYTE:.2f} GB."
    workers, silence = read.workers(look.now)
    heard = "" if silence is None else f" Heard of {silence:,.0f} seconds ago."
    tone = "good" if workers else "bad"
    worker = f"{workers} at work.{heard}"
    tables = "good" if works["migrations"] else "bad"
    newest = "All migrations were applied." if works["migrations"] else "Some are missing."
    queue = reverse("insights:operations") + "#panel-data-work"
    return [
        Found("Database", "warn" if crowded else "good", says, MANUAL),
        Found("Tables", tables, newest, "Run manage.py migrate."),
        Found("Worker", tone, worker, "Its queue", queue),
    ]


def _replica() -> list[Found]:
    if not replica.is_used():
        return []
    name = "Replica"
    try:
        found = replica.standing()
    except replica.ReplicaError:
        return [Found(name, "bad", "It does not answer. Pages are read from the primary.", MANUAL)]
    if found is None:
        return [Found(name, "bad", "It follows no primary. Pages are not read from it.", MANUAL)]
    says = "It is less than a second behind."
    if found.behind_seconds >= 1:
        behind = f"{found.behind_bytes / MEBIBYTE:,.1f} MB and {found.behind_seconds:,.0f} seconds"
        says = f"It is {behind} behind."
    if not found.serves():
        says = f"{says} Pages are read from the primary until it has caught up."
    return [Found(name, "good" if found.serves() else "warn", says, MANUAL)]


def _disk() -> Found:
    least = min(health.free_bytes().values())
    tone = "bad" if least < health.LEAST_FREE_BYTES else "warn" if least < LITTLE else "good"
    says = f"{least / GIBIBYTE:,.1f} GB are free."
    return Found("Disk", tone, says, f"Make room. {MANUAL}")


def _data(look: Look) -> Found:
    ages = read.ages()
    mend = ("Upload a file", reverse("insights:uploads"))
    newest = max((one.loaded_at for one in ages if one.loaded_at), default=None)
    if newest is None:
        return Found("Data", "warn", "Nothing was loaded yet.", *mend)
    last = max((one.last_day for one in ages if one.last_day), default=None)
    days = (look.today - last).days if last else 0
    stale = days > look.workspace.stale_after_days
    says = f"Last load {look.written(newest)}; the newest data are {days} days old."
    if days <= 0:
        says = f"Last load {look.written(newest)}; the data reach up to today."
    where = ("The Data page", reverse("insights:data"))
    return Found("Data", "warn" if stale else "good", says, *where)


def _sources(look: Look, systems: Sequence[syncs.Standing]) -> list[Found]:
    tones = {syncs.FAILED: "bad", syncs.STALE: "warn", syncs.NEVER: "warn"}
    return [
        Found(
            one.source.label,
            tones.get(one.state, "good"),
            f"State: {one.state}. As of {look.written(one.fresh_at)}."
            if one.fresh_at
            else f"State: {one.state}.",
            "Its connection",
            reverse("insights:source", args=[one.source.name]),
        )
        for one in systems
        if one.is_on
    ]


def _mails(now: datetime) -> Found:
    found = [*read.mails(now), *(read.Mails("follow-ups", *one) for one in follow_ups.states(now))]
    unknown = sum(one.count for one in found if one.state == "unknown")
    failed = sum(one.count for one in found if one.state == "failed")
    waiting = [one for one in found if one.state in read.WAITING]
    late = max((one.oldest for one in waiting), default=0.0) > 4 * 3600
    count = sum(one.count for one in waiting)
    says = f"{count:,} waiting, {failed:,} failed, {unknown:,} of unknown fate."
    tone = "warn" if unknown or late else "good"
    return Found("Mail", tone, says, "Follow-ups to decide on", reverse("coaching:mails"))


def _audit(now: datetime, found: Standing) -> Found:
    since = (now - found.oldest).total_seconds() if found.oldest else 0.0
    tone = "bad" if not found.fits else "warn" if since > LATE_SECONDS else "good"
    says = f"Links: {found.links:,}; rows that wait for theirs: {found.waiting:,}."
    if not found.fits:
        says = f"{says} Its end is not the one that was told: run manage.py audit_verify."
    where = reverse("admin:kernel_auditevent_changelist")
    return Found("Audit log", tone, says, "The log", where)


def _backups(look: Look) -> Found:
    found = backups.state(look.now)
    says = found.alarm
    if found.verified is not None:
        at = look.written(found.verified.began_at)
        says = f"{says} The last one that was restored and compared is of {at}.".strip()
    tone = "good" if found.is_well else "warn"
    return Found("Backups", tone, says, f"manage.py backup. {MANUAL}")
