"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from revops_site.kernel import clock

LEAST_FREE_BYTES = 200 * 1024 * 1024
WORKER_SILENCE = timedelta(seconds=60)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part works, 503 with the parts that do not."""
    parts = {name: _passes(name, check) for name, check in CHECKS.items()}
    well = all(parts.values())
    return JsonResponse(
        {"status": "ok" if well else "unavailable", "parts": parts}, status=200 if well else 503
    )


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError) as error:
        structlog.get_logger("health").warning("check failed", part=name, error=str(error))
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _disk() -> bool:
    return shutil.disk_usage(settings.BASE_DIR).free >= LEAST_FREE_BYTES


def _worker() -> bool:
    """Some worker reported back a moment ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > %s)",
            [clock.now() - WORKER_SILENCE],
        )
        return bool(cursor.fetchone()[0])


CHECKS: Mapping[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "disk": _disk,
    "worker": _worker,
}
