"""Django's PostgreSQL backend over a server that starts with the first connection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from revops_site.embedded import cluster, server
from revops_site.guarded import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Joins the server in the folder that ``HOST`` names before it connects.

    Pools and the job queue ask for connection parameters too, so all roads lead through here.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """Parameters for psycopg; the database is made where it is missing."""
        name = self.settings_dict["NAME"] or cluster.SUPERUSER
        joined = server.join(Path(self.settings_dict["HOST"]), name)
        return {**super().get_connection_params(), **joined.dsn}
