"""Folders in memory, for files that are mapped: on a full disk, writing to one ends the process."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108 - the folder is looked at before it is used


def folder(var: Path, name: str) -> Path:
    """Where a service with this folder for its data keeps such files; the same at each start.

    In ``var`` where the machine has no shared memory, or somebody else has taken the name.
    """
    mark = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:16]
    found = SHARED / f"revops-{name}-{os.geteuid()}-{mark}"
    return found if os.access(SHARED, os.W_OK) and _is_free(found) else var / name


def _is_free(path: Path) -> bool:
    try:
        there = path.lstat()
    except FileNotFoundError:
        return True
    return stat.S_ISDIR(there.st_mode) and there.st_uid == os.geteuid()
