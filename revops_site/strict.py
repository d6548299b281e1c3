"""Settings that are not what they should be are refused in a sentence that names them."""

from __future__ import annotations

import logging
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

GUARDED = "revops_site.guarded"  # Django's backend, whose waits end
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Strict(environ.Env):  # type: ignore[misc]
    """Reads the environment; ImproperlyConfigured for what cannot be read, without its value."""

    def get_value(self, var: Any, *args: Any, **named: Any) -> Any:
        """As its parent's; a value may be a secret, so no error repeats it."""
        try:
            return super().get_value(var, *args, **named)
        except (ValueError, TypeError):
            raise ImproperlyConfigured(
                f"{var} cannot be read: .env.example shows how it is written."
            ) from None

    def count(self, name: str, *, default: int, least: int = 0, most: int | None = None) -> int:
        """A whole number; ImproperlyConfigured where it is below the least or above the most."""
        number: int = self.int(name, default=default)
        if most is not None and number > most:
            raise ImproperlyConfigured(f"{name} is {number}; {most} is the most that is allowed.")
        if number < least:
            raise ImproperlyConfigured(f"{name} is {number}; {least} is the least that works.")
        return number

    def server(self, name: str) -> dict[str, Any] | None:
        """A PostgreSQL server as Django wants it told; None where none is named."""
        if not self.str(name, default=""):
            return None
        found: dict[str, Any] = self.db(name, engine=GUARDED)
        return found

    def level(self, name: str, *, default: str) -> str:
        """The name of a level of logs."""
        level: str = self.str(name, default=default).upper()
        if level not in LEVELS or not isinstance(logging.getLevelName(level), int):
            raise ImproperlyConfigured(f"{name} is none of {', '.join(LEVELS)}.")
        return level
