"""Reads from a streaming replica, where nobody could tell it from the primary.

A page is read from the replica if that has the generation of the data which the primary has, has
replayed what this reader wrote, and is not far behind. So no figure goes backwards, whoever wrote
sees what was written, and what the cache keeps under a generation is of that generation. Whatever
else is asked for, every write and all that the background does is the primary's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, Error, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from revops_site.guarded import patience

PRIMARY, REPLICA = "default", "replica"
COOKIE = "seen"
COOKIE_SECONDS = 15 * 60
REST_SECONDS = 10.0  # in which a replica that failed is not asked
CHECK_SECONDS = 1.0
SAFE = ("GET", "HEAD")
NOT_THERE = ("/admin/", "/accounts/", "/api/", "/ops/")
NOW = """
    SELECT generation, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint
    FROM kernel_workspace WHERE id = 1
"""
THERE = """
    SELECT generation, pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint,
        extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8
    FROM kernel_workspace WHERE id = 1 AND pg_is_in_recovery()
"""
WRITTEN = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"

Handler = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("replica")


class ReplicaError(Exception):
    """The replica does not answer; the words are the name of what the database raised."""


@dataclass(frozen=True)
class Standing:
    """How far a replica has followed: bytes and seconds of what the primary has written."""

    has_generation: bool
    replayed: int
    behind_bytes: int
    behind_seconds: float

    def serves(self, seen: int = 0) -> bool:
        """Whether pages are read from it, by someone who has written as far as ``seen``."""
        if not self.has_generation or self.replayed < seen:
            return False
        return self.behind_bytes == 0 or self.behind_seconds <= settings.REPLICA_SECONDS


def is_used() -> bool:
    """Whether this service has a replica to read from."""
    return REPLICA in settings.DATABASES


def standing() -> Standing | None:
    """How the replica stands now; None where it follows nobody.

    Raises ReplicaError where it does not answer within a second, and what Django raises where the
    primary does not.
    """
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute(NOW)
        now = cursor.fetchone()
    try:
        with patience.at_most(CHECK_SECONDS), connections[REPLICA].cursor() as cursor:
            cursor.execute(THERE)
            there = cursor.fetchone()
    except Error as error:
        raise ReplicaError(type(error).__name__) from error
    if now is None or there is None:
        return None
    generation, written = now
    had, replayed, seconds = there
    behind = max(written - replayed, 0)
    return Standing(had == generation, replayed, behind, float(seconds or 0.0) if behind else 0.0)


@dataclass
class _Request:
    """Where this request reads, and whether it has written."""

    reads: str = PRIMARY
    has_written: bool = False


_request: ContextVar[_Request | None] = ContextVar("where to read", default=None)


def alias() -> str:
    """The database that is read from here and now."""
    here = _request.get()
    if here is None or here.reads == PRIMARY or connections[PRIMARY].in_atomic_block:
        return PRIMARY
    return here.reads


class _Reading:
    """Django's connection to the database that is read from, whichever it is at the moment."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[alias()], name)


connection = cast("BaseDatabaseWrapper", _Reading())
"""What queries ask, in place of Django's own."""


class Router:
    """Sends what the ORM reads to where this request reads, and what it writes to the primary."""

    def db_for_read(self, model: object, **hints: Any) -> str:
        """Where this request reads."""
        return alias()

    def db_for_write(self, model: object, **hints: Any) -> str:
        """The primary, and from then on reads of this request go there, too."""
        here = _request.get()
        if here is not None:
            here.reads, here.has_written = PRIMARY, True
        return PRIMARY

    def allow_relation(self, one: object, other: object, **hints: Any) -> bool:
        """Both are the same database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """A replica gets its tables from the primary."""
        return db == PRIMARY


class Reads:
    """Lets pages read from the replica where that serves them as well; used where there is one."""

    def __init__(self, get_response: Handler) -> None:
        if not is_used():
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.rests_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        here = _Request()
        if _may(request) and self._is_as_good(_seen(request)):
            here.reads = REPLICA
        token = _request.set(here)
        try:
            response = self.get_response(request)
        finally:
            _request.reset(token)
        if request.method not in SAFE or here.has_written:
            _remember(response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Ask the view again, of the primary, where the replica failed it."""
        here = _request.get()
        lost = isinstance(error, OperationalError | InterfaceError)
        if here is None or here.reads != REPLICA or not lost or request.resolver_match is None:
            return None
        self._rest(type(error).__name__, amid="a page")
        here.reads = PRIMARY
        patience.begin()
        found = request.resolver_match
        answered: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return answered

    def _is_as_good(self, seen: int) -> bool:
        """Whether nobody could tell the replica from the primary, but by what they wrote just now.

        One that failed, was cut off from the primary, or became one, is left alone for a while.
        """
        if time.monotonic() < self.rests_until:
            return False
        try:
            found = standing()
        except ReplicaError as error:
            self._rest(str(error), amid="a look at it")
            return False
        return found is not None and found.serves(seen)

    def _rest(self, reason: str, *, amid: str) -> None:
        log.warning("replica failed", reason=reason, amid=amid, rests=REST_SECONDS)
        self.rests_until = time.monotonic() + REST_SECONDS
        with _ignored():
            connections[REPLICA].close()


def _may(request: HttpRequest) -> bool:
    """Pages alone, of people: a program's token has no cookie to remember what it wrote."""
    return (
        request.method in SAFE
        and not request.path.startswith(NOT_THERE)
        and "Authorization" not in request.headers
        and bool(request.user.is_authenticated)
    )


def _seen(request: HttpRequest) -> int:
    """How far the primary's log was when this reader last wrote; 0 where that is long ago."""
    told = request.COOKIES.get(_cookie(), "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0


def _remember(response: HttpResponse) -> None:
    """Have the reader's browser say how far the log was when this was written."""
    with _ignored(), connections[PRIMARY].cursor() as cursor:
        cursor.execute(WRITTEN)
        response.set_cookie(
            _cookie(),
            str(cursor.fetchone()[0]),
            max_age=COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _cookie() -> str:
    return f"__Host-{COOKIE}" if settings.SESSION_COOKIE_SECURE else COOKIE


@contextmanager
def _ignored() -> Iterator[None]:
    """What fails here costs no answer."""
    try:
        yield
    except DatabaseError as error:
        log.warning("not asked", reason=type(error).__name__)
