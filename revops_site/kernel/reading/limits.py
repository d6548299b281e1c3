"""What a process that reads a stranger's file may use; Windows knows no such limits."""

from __future__ import annotations

from pathlib import Path

from revops_site.kernel.reading.texts import GZIP

MEMORY = 600 * 1024 * 1024
SECONDS = 60
# A slow profile on a slow machine reads so much a second; packed files hold much more.
_PACE = 500_000
_PACKED = 30
_BOOKS = (b"PK", b"\xd0\xcf")


def set_limits() -> None:
    """Limit memory, and forbid to write files, also such as a crash leaves."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if most == resource.RLIM_INFINITY else min(MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time(path: Path) -> None:
    """Limit the processor time for the reading of this file, of text in proportion to its size."""
    try:
        import resource

        if not path.is_file():
            return
        with path.open("rb") as stream:
            start = stream.read(2)
    except (ImportError, OSError):
        return
    seconds = SECONDS
    if start not in _BOOKS:
        seconds += path.stat().st_size * (_PACKED if start == GZIP else 1) // _PACE
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    hard = seconds + 5 if most == resource.RLIM_INFINITY else most
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, hard), hard))
