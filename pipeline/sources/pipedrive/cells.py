"""Values of Pipedrive as the texts of cells; null, and what is of another kind, as None."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from revops_site.kernel.sources import Kept, Raw, Settings


def text(value: Any) -> str | None:
    """A text or a number as it is written."""
    kind = type(value)  # JSON has no others than these, and a deal has two dozen of them
    if kind is str:
        return value or None
    if kind is int:
        return str(value)
    return f"{Decimal(repr(value)):f}" if kind is float else None


def flag(value: Any) -> str:
    """Whether something is so; what is not said is not."""
    return "true" if value is True else "false"


def share(value: Any) -> str | None:
    """Percent as a share of 1."""
    found = text(value) if not isinstance(value, str) else None
    return found and f"{Decimal(found) / 100:f}"


def first(*values: Any) -> str | None:
    """The first value that there is."""
    for value in values:
        if found := text(value):
            return found
    return None


def owner(value: Any, settings: Settings) -> str | None:
    """The rep that a user is here."""
    user = text(value)
    return None if user is None else text(settings.mapping.get("users", {}).get(user)) or user


def ids(records: Iterable[Kept], name: str) -> list[str]:
    """What the records name in a field."""
    return [found for one in records if (found := text(one.raw.get(name)))]


def named(known: Any, value: Any, name: str = "name") -> str | None:
    """What a record that is looked up is called; None where it is not known."""
    found: Raw | None = known.get(text(value) or "")
    return text(found.get(name)) if found else None
