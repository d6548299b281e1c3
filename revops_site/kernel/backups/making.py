"""Makes a backup: one snapshot of the database and the files beside it, whole or not at all.

The dump and the digests of its tables are read under one exported snapshot, so what is written
meanwhile is in neither. A backup gets its name when all of it lies on the disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings

from revops_site.kernel import clock
from revops_site.kernel.backups import comparing, keys, manifest, programs
from revops_site.kernel.backups.errors import BackupError
from revops_site.kernel.backups.manifest import DUMP, Manifest, Part

NAMES = "%Y-%m-%dT%H%M%SZ"
NAMED = re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z")
STORE = "files"
COMPRESSED = "--compress=gzip:3"  # which every build knows
LEAST_FREE = 64 << 20


@dataclass(frozen=True)
class Made:
    """A backup: its folder, and what it says of itself."""

    folder: Path
    manifest: Manifest


def folder() -> Path:
    """Where backups are, for the service's eyes alone."""
    path = Path(settings.BACKUP_DIR)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as why:
        raise BackupError(f"Backups cannot be written to {path}: {why.strerror}.") from why
    return path


def kept() -> list[Path]:
    """The whole backups that are there, the oldest first."""
    return sorted(one for one in folder().iterdir() if NAMED.fullmatch(one.name))


def newest() -> Path:
    """The newest backup; BackupError where there is none."""
    there = kept()
    if not there:
        raise BackupError(f"There is no backup in {folder()}: make one with `manage.py backup`.")
    return there[-1]


def store(backup: Path) -> Path:
    """Where the files lie that a backup and those beside it share."""
    return backup.parent / STORE


@contextmanager
def alone() -> Iterator[None]:
    """One backup at a time; BackupError where another is made. It ends with its process."""
    with (folder() / ".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupError("Another backup is being made.") from None
        yield


def make(at: datetime | None = None) -> Made:
    """Make a backup of the database and the files; BackupError, with nothing kept, if it fails."""
    keys.key()
    at = at or clock.now()
    with alone():
        _forget_halves()
        path = folder() / at.strftime(NAMES)
        if path.exists():
            raise BackupError(f"There is a backup of this second already: {path}.")
        new = path.with_name(f".{path.name}.new")
        new.mkdir(mode=0o700)
        try:
            found = _made(new, at)
            manifest.write(found, new)
            _settle_on_disk(new)
            new.rename(path)
            _sync(path.parent)
        except OSError as why:
            raise BackupError(f"The backup could not be written: {why.strerror}.") from why
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return Made(path, found)


def _made(new: Path, at: datetime) -> Manifest:
    server = programs.ours()
    pg_dump = programs.find("pg_dump", server.major)
    with server.connect() as session:
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        told = session.execute("SELECT pg_export_snapshot()").fetchone()
        assert told is not None
        with _written(new / DUMP) as (target, part):
            asked = ("--format=custom", COMPRESSED, "--no-owner", "--no-privileges")
            with programs.running(pg_dump, *asked, f"--snapshot={told[0]}", server=server) as dump:
                keys.lock(dump, target)
        tables, objects = comparing.tables(session), comparing.objects(session)
        late = comparing.late_counters(session)
        applied = session.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [name for (name,) in applied]
    return Manifest(
        made_at=at,
        postgres=server.major,
        migrations=migrations,
        tables=tables,
        objects=objects,
        late=late,
        dump=part(),
        files={kind: _stored(source, kind) for kind, source in sources().items()},
        seals=seals(),
    )


def sources() -> dict[str, Path]:
    """The folders of files that belong to the data, by the names they have in backups."""
    return {"uploads": Path(settings.UPLOADS), "made": Path(settings.FILES)}


def seals() -> list[str]:
    """Fingerprints of the keys that stored secrets are sealed with, newest first."""
    return [
        hashlib.sha256(f"sealing key|{key}".encode()).hexdigest()[:12]
        for key in settings.SEALING_KEYS
    ]


def _stored(source: Path, kind: str) -> dict[str, Part]:
    """Encrypt the files of a folder into the store; those that lie there already are left.

    A file's name is made of its content, so what has the name has the content. One that retention
    deletes while it is looked at is left out.
    """
    target = folder() / STORE / kind
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    found: dict[str, Part] = {}
    for path in sorted(source.iterdir()) if source.is_dir() else ():
        if path.name.startswith(".") or not path.is_file():
            continue
        locked = target / f"{path.name}.age"
        try:
            found[path.name] = _known(locked) or _locked(path, locked)
        except FileNotFoundError:
            continue
    return found


def _known(locked: Path) -> Part | None:
    """What lies in the store; None where it does not, or was made with another key."""
    mark = locked.with_suffix(".sum")
    try:
        key, size, sha256 = mark.read_text().split()
        if key == keys.fingerprint() and locked.stat().st_size == int(size):
            return Part(int(size), sha256)
    except (FileNotFoundError, ValueError):
        pass
    return None


def _locked(path: Path, locked: Path) -> Part:
    new = locked.with_suffix(".new")
    try:
        with path.open("rb") as source, _written(new) as (target, part):
            keys.lock(source, target)
        new.replace(locked)
        made = part()
        mark = locked.with_suffix(".sum")
        mark.write_text(f"{keys.fingerprint()} {made.bytes} {made.sha256}\n")
    finally:
        new.unlink(missing_ok=True)
    return made


class _Counted:
    """A file that knows the size and the digest of what was written into it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.bytes, self.sha256 = file, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.bytes += len(data)
        self.sha256.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()

    def __call__(self) -> Part:
        return Part(self.bytes, self.sha256.hexdigest())


@contextmanager
def _written(path: Path) -> Iterator[tuple[_Counted, _Counted]]:
    """A file that only we may read, and that lies on the disk when it is left."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=manifest.CHUNK) as file:
        counted = _Counted(file)
        yield counted, counted
        file.flush()
        os.fsync(file.fileno())


def _settle_on_disk(new: Path) -> None:
    with (new / manifest.NAME).open("rb") as file:
        os.fsync(file.fileno())
    _sync(new)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _forget_halves() -> None:
    """What a backup left behind that was killed."""
    for half in folder().glob(".*.new"):
        shutil.rmtree(half, ignore_errors=True)
