"""Entries of a profile: each as what it has to be, or an error that names its place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from revops_site.kernel.profiles import shapes
from revops_site.kernel.profiles.errors import ProfileError, unknown

MOST_DIGITS = 30
TOO_LONG = f"a number of more than {MOST_DIGITS} digits"


def short_numbers(place: str, said: Any) -> None:
    """ProfileError where a number, at whatever depth, is too long to mean anything."""
    if isinstance(said, dict | list):
        inside = said.items() if isinstance(said, dict) else enumerate(said, start=1)
        for name, one in inside:
            short_numbers(f"{place}.{name}" if place else f"{name}", one)
    elif isinstance(said, int) and abs(said) >= 10**MOST_DIGITS:
        raise ProfileError(f"{place}: is {TOO_LONG}")
    elif isinstance(said, Decimal):
        if not said.is_finite():
            raise ProfileError(f"{place}: is not a number that can be counted with")
        if max(abs(said.adjusted()), len(said.as_tuple().digits)) > MOST_DIGITS:
            raise ProfileError(f"{place}: is {TOO_LONG}")


def known(place: str, said: Mapping[str, Any], known: Collection[str]) -> None:
    for name in said:
        if name not in known:
            raise unknown(place, "key", name, known)


def text(place: str, said: Any) -> str:
    if not isinstance(said, str):
        raise ProfileError(f"{place}: is not a text in quotes")
    return said


def plain(place: str, said: Any) -> str:
    """A text, number, day or truth value, as a dataset has it."""
    if isinstance(said, bool):
        return str(said).lower()
    if isinstance(said, str | int | Decimal):
        return f"{said}"
    if isinstance(said, date):
        return said.isoformat()
    raise ProfileError(f"{place}: is not a text, a number, a date, true or false")


def texts(place: str, said: Any) -> tuple[str, ...]:
    if isinstance(said, str):
        said = [said]
    if not isinstance(said, list) or not all(isinstance(one, str) and one.strip() for one in said):
        raise ProfileError(f'{place}: is not a list of texts like ["one", "other"]')
    return tuple(said)


def one_of(place: str, said: Any, known: Collection[str]) -> str:
    if said not in known or not isinstance(said, str):
        names = ", ".join(f'"{name}"' for name in known)
        shown = f'"{said}"' if isinstance(said, str) else "what it says"
        raise ProfileError(f"{place}: {shown} is not one of {names}")
    return said


def formats(place: str, said: Any) -> tuple[str, ...]:
    found = texts(place, said)
    for format_ in found:
        if format_ not in shapes.COUNTS:
            shapes.shape(format_, place)
    return found
