"""Proves a backup: put into a scratch database and compared, and every kept file decrypted."""

from __future__ import annotations

from pathlib import Path

from revops_site.kernel import clock
from revops_site.kernel.backups import keys, making, manifest, programs, restoring
from revops_site.kernel.backups.manifest import DUMP, Manifest


class _Nowhere:
    """Takes bytes and keeps none."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        pass


def verify(backup: Path) -> tuple[Manifest, list[str]]:
    """What a backup says of itself and, in words, what is not as it says; empty where all is.

    Raises BackupError where it cannot be read or restored at all.
    """
    found = manifest.read(backup)
    store = making.store(backup)
    manifest.check(found, backup, store)
    server = programs.ours()
    name = f"{server.database[:30]}_verifying_{clock.now():%Y%m%dT%H%M%S%f}"
    with restoring.scratch(server, name) as new:
        restoring.fill(new, backup, found)
        problems = restoring.compare(new, found)
    for path, _ in manifest.parts(found, backup, store):
        if path.name != DUMP:
            with path.open("rb") as source:
                keys.unlock(source, _Nowhere(), path)
    return found, problems
