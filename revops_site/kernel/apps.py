"""Registers the kernel as a small Django app of its own."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

# A migration that waits for a table stops all who come after it: it rather gives up, changes
# nothing, and is run again.
LOCK_WAIT = "3s"


class KernelConfig(AppConfig):
    """Label ``kernel``: the nouns that every domain points at."""

    name = "revops_site.kernel"
    label = "kernel"
    verbose_name = "Workspace"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and listen to logins and password changes for the audit log."""
        from revops_site.kernel import audit, checks  # noqa: F401

        pre_migrate.connect(_hurry, sender=self)
        post_migrate.connect(_take_time, sender=self)


def _hurry(using: str, **_: Any) -> None:
    """No migration waits for long for a table that is in use."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_WAIT])


def _take_time(using: str, **_: Any) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute("RESET lock_timeout")
