"""Settings that are not what they should be are refused in a sentence that names them."""

from __future__ import annotations

import logging
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

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

    def count(self, name: str, *, default: int, least: int = 0) -> int:
        """A whole number; ImproperlyConfigured where it is below the least."""
        number: int = self.int(name, default=default)
        if number < least:
            raise ImproperlyConfigured(f"{name} is {number}; {least} is the least that works.")
        return number

    def level(self, name: str, *, default: str) -> str:
        """The name of a level of logs."""
        level: str = self.str(name, default=default).upper()
        if level not in LEVELS or not isinstance(logging.getLevelName(level), int):
            raise ImproperlyConfigured(f"{name} is none of {', '.join(LEVELS)}.")
        return level
