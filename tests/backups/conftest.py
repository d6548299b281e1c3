"""A vault for backups, and other databases of the server that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from revops_site.kernel import freshness
from revops_site.kernel.backups import keys, programs, restoring

Query = Callable[[str, str], list[tuple[object, ...]]]


@pytest.fixture
def vault(settings: LazySettings, tmp_path: Path, transactional_db: None) -> Path:
    """The folder that backups go to, with a key of its own and two kept files."""
    settings.BACKUP_KEY, settings.BACKUP_DIR = keys.new(), tmp_path / "backups"
    settings.UPLOADS, settings.FILES = tmp_path / "uploads", tmp_path / "files"
    for folder, name in ((settings.UPLOADS, "a1"), (settings.FILES, "b2-1.png")):
        folder.mkdir()
        (folder / name).write_bytes(name.encode() * 100_000)
    freshness.workspace()
    return tmp_path / "backups"


@pytest.fixture
def other(transactional_db: None) -> Iterator[str]:
    """The name of a database that is not there, and not there again afterwards."""
    server = programs.ours()
    name = f"{server.database}_other"
    yield name
    for one in databases(name):
        restoring.drop(server, one)


def databases(like: str) -> list[str]:
    """The databases of the server whose names have this in them."""
    with programs.ours("postgres").connect() as session:
        found = session.execute(
            "SELECT datname FROM pg_database WHERE strpos(datname, %s) > 0 ORDER BY 1", [like]
        )
        return [name for (name,) in found]


def rows(database: str, query: str) -> list[tuple[object, ...]]:
    """What a query finds in a database of the server."""
    with programs.ours(database).connect() as session:
        return session.execute(query.encode()).fetchall()
