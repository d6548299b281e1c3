"""What all pages below the pages share: how their addresses and files are named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from django.utils.text import slugify

Choices = Callable[[int], Mapping[str, Sequence[str] | Mapping[str, str]]]


def address(*parts: str) -> str:
    """An address of parts; a part may hold any character."""
    return "".join(f"/{quote(part, safe='')}" for part in parts) + "/"


def slug(*parts: str) -> str:
    """What files of such a page are named after."""
    return "-".join(filter(None, map(slugify, parts)))


def without(choices: Choices, *names: str) -> Choices:
    """What can be chosen where some filters are settled."""
    return lambda generation: {
        name: values for name, values in choices(generation).items() if name not in names
    }


def together(*pages: Any) -> Choices:
    """What any of some pages lets one choose, value → label."""

    def chosen(generation: int) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for page in pages:
            for name, values in page.choices(generation).items():
                labels = values if isinstance(values, Mapping) else {one: one for one in values}
                found.setdefault(name, {}).update(labels)
        return found

    return chosen
