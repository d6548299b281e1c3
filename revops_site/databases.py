"""Which PostgreSQL the product uses, how it is connected to, and which copy it may read from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

# A connection a thread, looked at before each request: unlike a pool's, it is new at once when a
# server that was away comes back.
KEPT = {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
OPTIONS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


def databases(
    server: dict[str, Any] | None, folder: Path, replica: dict[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``: the server that is named, else one of our own, in a folder.

    That one is started by the first connection. A ``replica`` of it is only read from.
    """
    own = {"ENGINE": "revops_site.embedded", "NAME": "revops", "HOST": str(folder)}
    found = {"default": _connected(server or own)}
    if replica:
        found["replica"] = _connected(replica, connect_timeout=1)
        found["replica"]["TEST"] = {"MIRROR": "default"}
    return found


def _connected(given: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {**given, **KEPT, "OPTIONS": {**given.get("OPTIONS", {}), **OPTIONS, **options}}
