"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from revops_site.guarded import patience
from revops_site.kernel import clock
from revops_site.kernel.middleware import Handler

LEAST_FREE_BYTES = 200 * 1024 * 1024
WORKER_SILENCE = timedelta(seconds=60)
ANSWER_SECONDS = 3.0  # for each question to the database: a probe is to hear of it in time


class Probes:
    """Answers probes before anything that needs the database, a session or a known host name."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.views = {"/livez": alive, "/readyz": ready, "/health": ready}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.views.get(request.path, self.get_response)(request)


@login_not_required
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; the database is not asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when every part works, 503 with the parts that do not."""
    parts = parts_that_work()
    well = all(parts.values())
    return JsonResponse(
        {"status": "ok" if well else "unavailable", "parts": parts}, status=200 if well else 503
    )


def parts_that_work() -> Mapping[str, bool]:
    """Each part by name; what rests on a database that is away is not asked any more."""
    parts: dict[str, bool] = {}
    for name, check in CHECKS.items():
        is_asked = name not in IN_THE_DATABASE or parts["database"]
        parts[name] = is_asked and _passes(name, check)
    return parts


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        with patience.at_most(ANSWER_SECONDS):
            return check()
    except (DatabaseError, InterfaceError, OSError, RuntimeError) as error:
        structlog.get_logger("health").warning("check failed", part=name, error=str(error))
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations() -> bool:
    """All that this release brings along was applied; more may be, while a newer one starts."""
    return newest_migrations() <= set(MigrationRecorder(connection).applied_migrations())


@functools.cache
def newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migrations of each app, read from the disk once."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _disk() -> bool:
    return min(free_bytes().values()) >= LEAST_FREE_BYTES


def free_bytes() -> Mapping[str, int]:
    """What is free where the product is, and where it writes."""
    places = {"program": settings.BASE_DIR, "data": settings.VAR}
    return {name: shutil.disk_usage(place).free for name, place in places.items()}


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
IN_THE_DATABASE = frozenset({"migrations", "worker"})
