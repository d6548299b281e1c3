"""What is known of the backups: the record of each, and whether the last good one is too old."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings

from revops_site.kernel import audit, clock
from revops_site.kernel.backups import making
from revops_site.kernel.backups.errors import BackupError
from revops_site.kernel.backups.manifest import Manifest, read
from revops_site.kernel.backups.verifying import verify
from revops_site.kernel.models import AuditEvent, BackupRun

OLDEST = timedelta(hours=26)
MADE, VERIFIED, FAILED, FORGOTTEN, OVERDUE = (
    "backup made",
    "backup verified",
    "backup failed",
    "backup forgotten",
    "backup overdue",
)
NO_KEY = "No backups are made: BACKUP_KEY is not set."
NONE_YET = "No backup was verified yet."

log = structlog.get_logger("backup")


@dataclass(frozen=True)
class State:
    """What there is to know of the backups at a moment.

    ``last`` is the newest try, ``verified`` the newest that was restored and found equal;
    ``alarm`` says in a sentence what is wrong, and is empty where all is well.
    """

    last: BackupRun | None
    verified: BackupRun | None
    alarm: str

    @property
    def is_well(self) -> bool:
        """A backup of the last 26 hours was restored and found equal."""
        return not self.alarm


def state(at: datetime | None = None) -> State:
    """What is known now, in two queries."""
    at = at or clock.now()
    verified = BackupRun.objects.filter(verified_at__isnull=False, problem="").first()
    return State(BackupRun.objects.first(), verified, _alarm(verified, at))


def run(*, verified: bool, by_schedule: bool = False) -> BackupRun:
    """Make a backup, verify it where that is wanted, forget old ones; the record of it.

    Raises BackupError with the reason where it fails, once that is written down.
    """
    one = BackupRun.objects.create(began_at=clock.now())
    started = time.monotonic()
    try:
        made = making.make(one.began_at)
        one.name, one.made_at, one.bytes = made.folder.name, clock.now(), made.manifest.bytes
        one.tables, one.rows = len(made.manifest.tables), made.manifest.rows
        one.seconds = time.monotonic() - started
        one.save()
        audit.record(MADE, target=one.name, bytes=one.bytes, tables=one.tables, rows=one.rows)
        if verified:
            check(made.folder, one)
    except BackupError as why:
        one.problem, one.seconds = str(why), one.seconds or time.monotonic() - started
        one.save()
        audit.record(FAILED, target=str(one), why=one.problem)
        log.error("backup failed", reason=one.problem, scheduled=by_schedule)
        raise
    forget(clock.now())
    return one


def check(folder: Path, one: BackupRun | None = None) -> tuple[Manifest, BackupRun | None]:
    """Verify a backup and write down how that ended; BackupError where it is not as it was made."""
    if one is None:
        one = BackupRun.objects.filter(name=folder.name).first()
    started = time.monotonic()
    found, problems = verify(folder)
    seconds = time.monotonic() - started
    if problems:
        raise BackupError(f"{folder} does not hold what it was made of: {' '.join(problems)}")
    if one is not None:
        one.verified_at, one.verify_seconds, one.problem = clock.now(), seconds, ""
        one.save()
    audit.record(VERIFIED, target=folder.name, tables=len(found.tables), seconds=round(seconds, 1))
    return found, one


def forget(at: datetime) -> list[str]:
    """Delete the backups that are older than they are to be kept; the newest good one stays."""
    good = state(at).verified
    oldest = (at - timedelta(days=settings.BACKUPS_KEPT_DAYS)).strftime(making.NAMES)
    there = making.kept()
    old = [one for one in there if one.name < oldest and not (good and one.name == good.name)]
    for one in old:
        shutil.rmtree(one)
        BackupRun.objects.filter(name=one.name).update(is_there=False)
        audit.record(FORGOTTEN, target=one.name)
    if old:
        _forget_files([one for one in there if one not in old])
    return [one.name for one in old]


def sound(at: datetime) -> None:
    """Write an alarm down, once a day for as long as it holds."""
    found = state(at)
    if found.is_well or settings.REVOPS_DEMO:
        return
    log.error("backup overdue", reason=found.alarm)
    since = at - timedelta(days=1)
    if not AuditEvent.objects.filter(action=OVERDUE, at__gt=since).exists():
        audit.record(OVERDUE, why=found.alarm)


def _forget_files(left: list[Path]) -> None:
    """Delete the stored files that no backup needs any more.

    Where one of them cannot be read, for instance since another key made it, all files stay.
    """
    needed: set[Path] = set()
    for backup in left:
        try:
            found = read(backup)
        except BackupError:
            return
        for kind, kept in found.files.items():
            needed |= {making.store(backup) / kind / f"{name}.age" for name in kept}
    for path in (making.folder() / making.STORE).glob("*/*.age"):
        if path not in needed:
            path.unlink()
            path.with_suffix(".sum").unlink(missing_ok=True)


def _alarm(verified: BackupRun | None, at: datetime) -> str:
    if verified is None or verified.verified_at is None:
        return NONE_YET if settings.BACKUP_KEY else NO_KEY
    if at - verified.began_at <= OLDEST:
        return ""
    hours = int((at - verified.began_at).total_seconds() // 3600)
    return f"The last backup that was verified is {hours:,} hours old."
