"""How long a web process waits for the database: for one answer, and for a request in all.

``statement_timeout`` ends what the server works on for too long; what is here ends the wait for a
server that is not heard of any more. Programs of the background have no such limit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout

INTERVAL = 0.1  # psycopg's own: how often a wait looks up


class _Thread(threading.local):
    """What this thread has waited, may wait, and has seen."""

    spent = 0.0
    most: float | None = None
    is_lifted = False
    is_check = False
    is_lost = False


_seconds: list[float] = []
_here = _Thread()


def set_limit(seconds: float) -> None:
    """From now on no request of this process waits longer than this for the database."""
    _seconds[:] = [seconds]


def is_limited() -> bool:
    """Whether this is a process that must not wait."""
    return bool(_seconds)


def begin() -> None:
    """A request begins in this thread: nothing was waited or lost yet."""
    _here.spent, _here.is_lost = 0.0, False


def spent() -> float:
    """Seconds that this thread waited for the database since the request began."""
    return _here.spent


def is_lost() -> bool:
    """Whether the database went away since the request began, whoever was told of it."""
    return _here.is_lost


def note_loss() -> None:
    """The database was not there for this request."""
    if not _here.is_check:
        _here.is_lost = True


@contextmanager
def knowing() -> Iterator[None]:
    """Within, whoever asks the database can do without an answer."""
    before, lost = _here.is_check, _here.is_lost
    _here.is_check = True
    try:
        yield
    finally:
        _here.is_check, _here.is_lost = before, lost


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Within, no answer is waited for longer than this; a loss is told by who asks."""
    before, _here.most = _here.most, seconds
    try:
        with knowing():
            yield
    finally:
        _here.most = before


@contextmanager
def lifted() -> Iterator[None]:
    """Within, answers take as long as they take: a load is at work."""
    before, _here.is_lifted = _here.is_lifted, True
    try:
        yield
    finally:
        _here.is_lifted = before


def limit(connection: psycopg.Connection[Any]) -> None:
    """Have every wait of a connection end in time; one that did not get its answer is closed."""
    unlimited = connection.wait

    def wait(generator: Any, interval: float = INTERVAL, timeout: float | None = None) -> Any:
        most = _most()
        if timeout is not None or most is None:
            return _timed(unlimited, generator, interval, timeout)
        began = time.monotonic()
        try:
            return unlimited(generator, interval, max(most, INTERVAL))
        except _WaitTimeout:
            connection.pgconn.finish()
            note_loss()
            raise psycopg.OperationalError(
                f"The database has not answered for {most:.0f} seconds."
            ) from None
        except (psycopg.OperationalError, psycopg.InterfaceError):
            if connection.closed:
                note_loss()
            raise
        finally:
            _here.spent += time.monotonic() - began

    setattr(connection, "wait", wait)  # noqa: B010  # a method, so mypy would not have it assigned


def _timed(wait: Any, *asked: Any) -> Any:
    began = time.monotonic()
    try:
        return wait(*asked)
    finally:
        _here.spent += time.monotonic() - began


def _most() -> float | None:
    """How long the next answer may take."""
    if not _seconds or _here.is_lifted:
        return None
    left = _seconds[0] - _here.spent
    return left if _here.most is None else min(left, _here.most)
