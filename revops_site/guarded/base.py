"""Django's PostgreSQL backend whose waits end, also where the network swallows every answer."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from revops_site.guarded import patience

CHECK_SECONDS = 3.0  # for a connection that is looked at before it is used again
SLOW_SECONDS = 1.0  # a refusal that took longer than this was a wait for nobody
SHUT_SECONDS = 0.5

_shut_until: dict[str, float] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """Limits what a web process waits, as ``patience`` says; elsewhere it is Django's own."""

    def get_new_connection(self, conn_params: Any) -> Any:
        """A connection; where the last try waited in vain a moment ago, none is made.

        Whoever stands in line behind such a try would else wait as long, one after the other.
        """
        began = time.monotonic()
        if patience.is_limited() and began < _shut_until.get(self.alias, 0.0):
            patience.note_loss()
            raise psycopg.OperationalError("The database did not answer a moment ago.")
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            patience.note_loss()
            ended = time.monotonic()
            if ended - began > SLOW_SECONDS:
                _shut_until[self.alias] = ended + SHUT_SECONDS
            raise
        patience.limit(connection)
        return connection

    def is_usable(self) -> bool:
        """Whether the connection answers, and soon."""
        with patience.at_most(CHECK_SECONDS):
            return bool(super().is_usable())
