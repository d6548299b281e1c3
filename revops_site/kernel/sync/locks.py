"""One run of a source at a time: a lock of the database's session, which dies with its holder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from revops_site.kernel import locks

NAME = "sync:{}"


class BusyError(Exception):
    """Another run of the source is under way."""


@contextmanager
def alone(source: str) -> Iterator[None]:
    """Within this block no other run reads the source; BusyError where one does already."""
    name = NAME.format(source)
    if not locks.take(name):
        raise BusyError(f"A sync of {source} is under way already.")
    try:
        yield
    finally:
        locks.let_go(name)


def is_held(source: str) -> bool:
    """Whether a run of the source is under way, in whatever process."""
    return locks.is_held(NAME.format(source))
