"""A sync in the background lets whoever waits for a page go first.

Who may not step forward again stays back: call it where nothing else is done afterwards that
somebody waits for.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import connection

LAST = 15  # of the 19 by which one can step back; with all of them it might never end
OUR_OWN = "revops_site.embedded"


@contextmanager
def giving_way() -> Iterator[None]:
    """Within this block this thread, and what it starts, uses processors that others leave.

    So does its session of the database where the server is our own.
    """
    if sys.platform != "linux":
        yield
        return
    stood = [(one, os.getpriority(os.PRIO_PROCESS, one)) for one in _doing_it()]
    for one, at in stood:
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, one, max(at, LAST))
    try:
        yield
    finally:
        _step_forward(stood)


def _doing_it() -> list[int]:
    """The threads and processes that do the work."""
    found = [threading.get_native_id()]
    if connection.settings_dict["ENGINE"] == OUR_OWN:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            found.append(cursor.fetchone()[0])
    return found


def _step_forward(stood: list[tuple[int, int]]) -> None:
    """Back to where they stood; a session that may not is ended, and a new one takes its place."""
    thread, *sessions = stood
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, *thread)
    for session in sessions:
        try:
            os.setpriority(os.PRIO_PROCESS, *session)
        except OSError:
            if not connection.in_atomic_block:
                connection.close()
