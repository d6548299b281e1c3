"""Keeps slow statements and faults for ops: in the log, and in a table where that can be had."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest

from revops_site.guarded import patience
from revops_site.kernel import clock
from revops_site.kernel.models import Incident

KEPT = timedelta(days=14)
MOST_OF_ONE_REQUEST = 5
LONGEST_SQL = 4_000
LITERAL = re.compile(
    r"""
    (?P<comment> --[^\n]* | /\*.*?\*/ )
    | (?P<name> "(?:[^"]|"")*" | [A-Za-z_]\w* (?!') )
    | (?P<value> [A-Za-z&]*'(?:[^']|'')*' | \$(?P<tag>\w*)\$.*?\$(?P=tag)\$
        | \d+(?:\.\d*)?(?:[eE][+-]?\d+)? | \.\d+ )
    """,
    re.VERBOSE | re.DOTALL,
)

log = structlog.get_logger("incidents")


@dataclass
class Watch:
    """The statements of one request that took longer than settings say."""

    slow: list[tuple[str, int]] = field(default_factory=list)

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        """Run a statement and look at the time."""
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = round((time.perf_counter() - began) * 1000)
            if took >= settings.SLOW_STATEMENT_MS:
                self.slow.append((_written(sql), took))


@contextmanager
def watched() -> Iterator[Watch]:
    """Within, statements of this thread are timed; nothing is where the threshold is 0."""
    watch = Watch()
    if not settings.SLOW_STATEMENT_MS:
        yield watch
        return
    with connection.execute_wrapper(watch):
        yield watch


def keep_slow(watch: Watch, request: HttpRequest, route: str) -> None:
    """Log the slow statements of a request, and keep the slowest of them."""
    slowest = sorted(watch.slow, key=lambda one: -one[1])[:MOST_OF_ONE_REQUEST]
    found = [
        _incident(Incident.Kind.SLOW, request, route, without_literals(sql), took)
        for sql, took in slowest
    ]
    for one in found:
        log.warning("slow statement", sql=one.text, ms=one.milliseconds, route=one.route)
    _keep(found)


def keep_fault(error: BaseException | None, request: HttpRequest) -> None:
    """Keep which kind of error was raised where; its words may be somebody's and are left out."""
    match = request.resolver_match
    route = match.view_name if match else ""
    _keep([_incident(Incident.Kind.FAULT, request, route, _place(error))])


def forget(now: datetime) -> int:
    """Delete what is older than two weeks; how many were."""
    return Incident.objects.filter(at__lt=now - KEPT).delete()[0]


def without_literals(sql: str) -> str:
    """A statement on one line, with ? for every value that is written into it."""

    def plain(found: re.Match[str]) -> str:
        if found["comment"]:
            return " "
        return found["name"] or "?"

    return " ".join(LITERAL.sub(plain, sql).split())[:LONGEST_SQL]


def _incident(
    kind: Incident.Kind, request: HttpRequest, route: str, text: str, took: int = 0
) -> Incident:
    return Incident(
        kind=kind,
        at=clock.now(),
        route=route[:120],
        method=str(request.method)[:10],
        request_id=getattr(request, "request_id", ""),
        milliseconds=took,
        text=text,
    )


def _keep(found: list[Incident]) -> None:
    if not found:
        return
    try:
        with patience.knowing(), transaction.atomic():
            Incident.objects.bulk_create(found)
    except (DatabaseError, InterfaceError, RuntimeError) as error:
        log.warning("incident not kept", reason=type(error).__name__)


def _place(error: BaseException | None) -> str:
    if error is None:
        return "unknown"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if str(settings.BASE_DIR) in one.filename]
    ours = [one for one in ours if "/.venv/" not in one.filename] or list(frames)
    where = ours[-1] if ours else None
    name = type(error).__name__
    if where is None:
        return name
    file = where.filename.removeprefix(f"{settings.BASE_DIR}/")
    return f"{name} in {file}, line {where.lineno} ({where.name})"


def _written(sql: Any) -> str:
    """Django is given texts, and parts of psycopg that make one."""
    return sql if isinstance(sql, str) else str(sql.as_string(connection.connection))
