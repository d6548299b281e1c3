"""What a backup says of itself: what it is of, what belongs to it, and what its tables held."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any

from revops_site.kernel.backups import keys
from revops_site.kernel.backups.errors import BackupError

NAME = "manifest.json"
DUMP = "database.dump.age"
FORM = 1
CHUNK = 1 << 20


@dataclass(frozen=True)
class Part:
    """A file of a backup: its size in bytes and its SHA-256, both of what lies there encrypted."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """All that a backup says of itself.

    ``tables`` are each table's rows and digest, ``objects`` each kind of definition and its digest,
    as ``comparing`` tells them of the very snapshot that was dumped; ``late`` are the
    columns whose counter was behind its rows by then. ``files`` are the kept files,
    by folder, which lie encrypted in the store beside the backups. ``seals`` are the fingerprints
    of the keys that secrets in it are sealed with.
    """

    made_at: datetime
    postgres: int
    migrations: list[str]
    tables: dict[str, list[str]]
    objects: dict[str, str]
    late: list[str]
    dump: Part
    files: dict[str, dict[str, Part]] = field(default_factory=dict)
    seals: list[str] = field(default_factory=list)
    form: int = FORM

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(int(count) for count, _ in self.tables.values())

    @property
    def bytes(self) -> int:
        """How large all parts are together."""
        parts = (part for folder in self.files.values() for part in folder.values())
        return self.dump.bytes + sum(part.bytes for part in parts)


def write(manifest: Manifest, folder: Path) -> None:
    """Put it beside what it tells of, with a mark that only the key makes."""
    said = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    body = json.dumps(said, sort_keys=True, indent=1)
    mark = {"key": keys.fingerprint(), "mark": keys.signed(body.encode())}
    (folder / NAME).write_text(f"{body}\n{json.dumps(mark)}\n")


def read(folder: Path) -> Manifest:
    """What a backup says of itself; BackupError where it is none, another's, or was changed."""
    path = folder / NAME
    try:
        body, _, last = path.read_text().rstrip("\n").rpartition("\n")
        mark, said = json.loads(last), json.loads(body)
        name, given, form = str(mark["key"]), str(mark["mark"]), said["form"]
    except FileNotFoundError:
        raise BackupError(f"{folder} is no backup: it has no {NAME}.") from None
    except (ValueError, KeyError, TypeError):
        raise BackupError(f"{path} is cut short or was changed.") from None
    if name != keys.fingerprint():
        raise BackupError(
            f"{folder} was made with another BACKUP_KEY ({name}, not {keys.fingerprint()})."
        )
    if not hmac.compare_digest(given, keys.signed(body.encode())):
        raise BackupError(f"{path} was changed after the backup was made.")
    if form > FORM:
        raise BackupError(f"{folder} was made by a newer release of the product.")
    return _of(said)


def parts(manifest: Manifest, folder: Path, store: Path) -> Iterator[tuple[Path, Part]]:
    """Every file that a backup needs, and what it has to be."""
    yield folder / DUMP, manifest.dump
    for kind, kept in manifest.files.items():
        for name, part in kept.items():
            yield store / kind / f"{name}.age", part


def check(manifest: Manifest, folder: Path, store: Path) -> None:
    """BackupError where a file of a backup is missing, cut short or changed."""
    for path, part in parts(manifest, folder, store):
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            raise BackupError(f"{path} is missing.") from None
        if size != part.bytes:
            raise BackupError(f"{path} has {size:,} bytes where {part.bytes:,} were written.")
        with path.open("rb") as file:
            if digest(file) != part.sha256:
                raise BackupError(f"{path} was changed after the backup was made.")


def digest(file: BufferedReader) -> str:
    """The SHA-256 of a file from where it stands."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def _of(said: dict[str, Any]) -> Manifest:
    files = {
        kind: {name: Part(**part) for name, part in kept.items()}
        for kind, kept in said.pop("files").items()
    }
    dump, made_at = Part(**said.pop("dump")), datetime.fromisoformat(said.pop("made_at"))
    return Manifest(made_at=made_at, dump=dump, files=files, **said)
