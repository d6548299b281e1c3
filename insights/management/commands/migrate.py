"""Django's ``migrate``, which says in a sentence that a table was in use and what to do then."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import OperationalError, connections
from psycopg.errors import LockNotAvailable


class Command(Migrate):
    """Waits for no table longer than ``kernel.apps.LOCK_WAIT``."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; CommandError where somebody held a table for too long."""
        try:
            super().handle(*args, **options)
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(
                "A table that a migration changes was in use for longer than 3 s (by a load, a "
                "backup, a report?): the migration gave up and left it as it was. Those before it "
                "stay applied. Run migrate again when the table is free."
            ) from error
        finally:
            with connections[options["database"]].cursor() as cursor:
                cursor.execute("RESET lock_timeout")
