"""Django's PostgreSQL backend over a server that starts with the first connection."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from revops_site.embedded import server


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts or joins the embedded server before it connects."""

    def get_connection_params(self) -> dict[str, Any]:
        dsn = dict(part.split("=", 1) for part in _dsn().split())
        params = super().get_connection_params()
        params.update(host=dsn["host"], user=dsn["user"])
        return params


_found: list[str] = []


def _dsn() -> str:
    if not _found:
        _found.append(server.dsn(settings.BASE_DIR / "var/postgres", "revops"))
    return _found[0]
