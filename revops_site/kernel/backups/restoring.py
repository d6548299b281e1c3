"""Puts a backup back: beside what is there, compared, made fit to run, and only then in its place.

Nothing is written over. What had the name before keeps its rows under another name.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg.sql import SQL, Identifier

from revops_site.kernel import clock
from revops_site.kernel.backups import comparing, keys, making, manifest, programs
from revops_site.kernel.backups.errors import BackupError
from revops_site.kernel.backups.manifest import DUMP, Manifest
from revops_site.kernel.backups.programs import Server
from revops_site.kernel.backups.settling import settle

LONGEST_NAME = 63


@dataclass
class Restored:
    """What was put back, and where; ``before`` are the names that what was there has now."""

    database: str
    manifest: Manifest
    before: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def restore(
    backup: Path, *, into: str = "", files: Path | None = None, overwrite: bool = False
) -> Restored:
    """Put a backup back into the database of the settings, or into another one.

    ``files`` is the folder for the files; for the database of the settings they go where the
    settings say. Raises BackupError where something is in the way; then nothing was changed.
    """
    found = manifest.read(backup)
    _refuse_newer(found)
    server = programs.ours()
    name = into or server.database
    stamp = clock.now().strftime("%Y%m%dT%H%M%SZ")
    places = _places(found, files, is_own=name == server.database)
    _refuse_taken(server, name, overwrite)
    _refuse_full(places, overwrite)
    manifest.check(found, backup, making.store(backup))
    done = Restored(name, found)
    with scratch(server, f"{name[:30]}_restoring_{stamp}") as new:
        fill(new, backup, found)
        problems = compare(new, found)
        if problems:
            raise BackupError(f"What was restored is not what was dumped: {' '.join(problems)}")
        with _serving(new):
            call_command("migrate", interactive=False, verbosity=0)
            settled = settle(found.made_at)
        with _unpacked(places, backup, found) as put:
            done.before += _named(server, new.database, name, f"{name[:40]}_before_{stamp}")
            done.before += put(stamp)
    done.notes += [*settled, *_unsealed(found)]
    return done


@contextmanager
def scratch(server: Server, name: str) -> Iterator[Server]:
    """An empty database for a while; gone afterwards, unless it got another name."""
    name = name[:LONGEST_NAME]
    with _upkeep(server) as session:
        try:
            session.execute(
                SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    Identifier(name)
                )
            )
        except psycopg.errors.InsufficientPrivilege:
            raise BackupError(
                "This role may not make databases, which a restore needs: "
                f"ALTER ROLE {session.info.user} CREATEDB."
            ) from None
    try:
        yield server.named(name)
    finally:
        drop(server, name)


def drop(server: Server, name: str) -> None:
    """Delete a database of ours, if it is there."""
    with _upkeep(server) as session:
        session.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def fill(target: Server, backup: Path, found: Manifest) -> None:
    """Put the dump into an empty database, in one transaction; BackupError with the reason."""
    pg_restore = programs.find("pg_restore", max(found.postgres, target.major))
    asked = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    path = backup / DUMP
    with (
        path.open("rb") as source,
        programs.running(
            *(pg_restore, *asked, f"--dbname={target.database}"), server=target, writes=True
        ) as pipe,
    ):
        keys.unlock(source, pipe, path)
    with target.connect(autocommit=True) as session:
        session.execute("ANALYZE")


def compare(target: Server, found: Manifest) -> list[str]:
    """In words, what in a database is not as the backup's snapshot was; empty where all is."""
    with target.connect() as session:
        tables, objects = comparing.tables(session), comparing.objects(session)
        late = set(comparing.late_counters(session)) - set(found.late)
    told = comparing.differences(found.tables, tables, found.objects, objects)
    return told + [f"The counter of {column} is behind its rows." for column in sorted(late)]


@contextmanager
def _upkeep(server: Server) -> Iterator[psycopg.Connection[Any]]:
    """A session in a database that is nobody's, from which others can be made and named."""
    for name in programs.MAINTENANCE:
        try:
            session = server.named(name).connect(autocommit=True)
        except psycopg.OperationalError:
            continue
        with session:
            yield session
        return
    raise BackupError("No database for upkeep (postgres) can be reached on the server.")


@contextmanager
def _serving(target: Server) -> Iterator[None]:
    """Django's own connection, for a while, to another database of the same server."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = target.database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _named(server: Server, new: str, name: str, before: str) -> list[str]:
    """Give the new database its name; the name that what was there has now, if it held anything."""
    connection.close()
    with _upkeep(server) as session:
        rename = SQL("ALTER DATABASE {} RENAME TO {}")
        there = session.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount
        try:
            if there:
                session.execute(rename.format(Identifier(name), Identifier(before)))
            session.execute(rename.format(Identifier(new), Identifier(name)))
        except psycopg.errors.ObjectInUse:
            raise BackupError(
                f"The database {name} is in use: stop the product first. Nothing was changed."
            ) from None
    if there and not _tables(server.named(before)):
        drop(server, before)
        return []
    return [f"database {before}"] if there else []


def _refuse_taken(server: Server, name: str, overwrite: bool) -> None:
    try:
        held = _tables(server.named(name))
    except psycopg.OperationalError:
        return
    if held and not overwrite:
        raise BackupError(
            f"The database {name} holds {held} tables. Restore into another one (--into), or say "
            "--overwrite: what is there is kept under another name."
        )
    connection.close()
    with _upkeep(server) as session:
        users = session.execute(
            "SELECT FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'",
            [name],
        ).rowcount
    if users:
        raise BackupError(
            f"The database {name} is in use by {users} connections: stop the product first."
        )


def _tables(server: Server) -> int:
    with server.connect() as session:
        return session.execute(comparing.query(comparing.TABLES)).rowcount


def _refuse_newer(found: Manifest) -> None:
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(found.migrations) - known)
    if unknown:
        raise BackupError(
            f"The backup is of a newer release: {len(unknown)} migrations are not known here "
            f"({unknown[0]}). Install that release first."
        )


def _places(found: Manifest, files: Path | None, *, is_own: bool) -> dict[str, Path]:
    """Where each folder of files goes; nowhere for another database, unless that is said."""
    return {
        kind: source if files is None else files / kind
        for kind, source in making.sources().items()
        if kind in found.files and (is_own or files is not None)
    }


def _refuse_full(places: dict[str, Path], overwrite: bool) -> None:
    for place in places.values():
        if place.is_dir() and any(place.iterdir()) and not overwrite:
            raise BackupError(
                f"There are files in {place} already: name another folder, or say --overwrite: "
                "what is there is kept under another name."
            )


@contextmanager
def _unpacked(
    places: dict[str, Path], backup: Path, found: Manifest
) -> Iterator[Callable[[str], list[str]]]:
    """The files, decrypted beside where they go; what is yielded puts them there."""
    fresh = {kind: place.with_name(f".{place.name}.restoring") for kind, place in places.items()}
    try:
        for kind, place in fresh.items():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700, parents=True)
            for name in found.files[kind]:
                locked = making.store(backup) / kind / f"{name}.age"
                with locked.open("rb") as source, (place / name).open("wb") as target:
                    keys.unlock(source, target, locked)

        def put(stamp: str) -> list[str]:
            before = []
            for kind, place in places.items():
                if place.is_dir() and any(place.iterdir()):
                    aside = place.with_name(f"{place.name}-before-{stamp}")
                    place.rename(aside)
                    before.append(str(aside))
                elif place.is_dir():
                    place.rmdir()
                fresh[kind].rename(place)
            return before

        yield put
    finally:
        for place in fresh.values():
            shutil.rmtree(place, ignore_errors=True)


def _unsealed(found: Manifest) -> list[str]:
    if set(found.seals) & set(making.seals()):
        return []
    return [
        "The backup was made under other SEALING_KEYS (or another SECRET_KEY): stored tokens "
        "cannot be read, and the audit log's chain cannot be verified, until they are named again."
    ]
