"""What has to hold before the product serves: a database that knows its tables, and files."""

from __future__ import annotations

from pathlib import Path

import structlog
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.db.migrations.executor import MigrationExecutor

from revops_site.embedded import base, server
from revops_site.kernel import checks


class NotReadyError(Exception):
    """The product cannot serve; the message says why and what to do."""


def database() -> None:
    """Start or reach the database; NotReadyError where it is away, or too old."""
    try:
        connection.ensure_connection()
    except (Error, RuntimeError) as error:
        raise NotReadyError(f"The database cannot be reached: {error}") from error
    problem = checks.too_old()
    if problem:
        raise NotReadyError(problem)


def tables() -> None:
    """NotReadyError where migrations have not been applied."""
    missing = _missing_migrations()
    if missing:
        raise NotReadyError(
            f"The database lacks {missing} migrations: run `manage.py migrate` first."
        )


def newest_tables() -> None:
    """Apply the migrations that are missing, if any; sums that they brought along are filled."""
    if _missing_migrations():
        call_command("migrate", interactive=False, verbosity=0)
        call_command("rollup", verbosity=0)


def keep_database() -> None:
    """Start the embedded server again if it was killed; a server of one's own is left alone."""
    ours = connections[DEFAULT_DB_ALIAS]
    if isinstance(ours, base.DatabaseWrapper):
        try:
            server.revive(Path(ours.settings_dict["HOST"]))
        except RuntimeError as error:
            structlog.get_logger("database").error("does not start", reason=str(error))


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_files() -> None:
    """Collect the static files, unless all are older than the last collection."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    collected = manifest.stat().st_mtime if manifest.exists() else 0.0
    if any(changed > collected for changed in _changes()):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def _changes() -> list[float]:
    return [
        Path(storage.path(name)).stat().st_mtime
        for finder in get_finders()
        for name, storage in finder.list(ignore_patterns=[])
    ]
