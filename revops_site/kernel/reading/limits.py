"""What a process that reads a stranger's file may use; Windows knows no such limits."""

from __future__ import annotations

MEMORY = 600 * 1024 * 1024
SECONDS = 60
# A slow profile on a slow machine reads so much a second; packed files hold much more.
_PACE = 500_000
_PACKED = 30


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


def limit_time(size: int, packed: bool) -> None:
    """Limit the processor time, for text in proportion to its ``size`` in bytes; 0: a workbook."""
    try:
        import resource
    except ImportError:
        return
    seconds = SECONDS + size * (_PACKED if packed else 1) // _PACE
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    hard = seconds + 5 if most == resource.RLIM_INFINITY else most
    resource.setrlimit(resource.RLIMIT_CPU, (min(seconds, hard), hard))
