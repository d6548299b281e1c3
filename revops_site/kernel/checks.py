"""What Django's checks ask of the database before they let a migration run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

OLDEST_POSTGRES = 16  # the first that knows pg_input_is_valid, which loading rests on


def too_old(alias: str = "default") -> str:
    """What is wrong with the age of the database's server, or nothing."""
    major = connections[alias].pg_version // 10_000  # type: ignore[attr-defined]
    if major >= OLDEST_POSTGRES:
        return ""
    return f"The database server is PostgreSQL {major}; {OLDEST_POSTGRES} or later is needed."


@register(Tags.database)
def server_is_new_enough(
    app_configs: Any, databases: Sequence[str] | None = None, **options: Any
) -> list[CheckMessage]:
    """Asked by ``migrate``, and by ``check --database default``."""
    return [
        Error(problem, hint="Let DATABASE_URL name another server.", id="kernel.E001")
        for alias in databases or ()
        if (problem := too_old(alias))
    ]
