"""What all pages below the pages share: how their addresses and files are named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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


def facts_part(lines: Iterable[tuple[str, str, str]]) -> Mapping[str, Any]:
    """Label, text and address of what is known of somebody; "" for what is not."""
    shown = [{"label": label, "text": text, "url": url} for label, text, url in lines if text]
    return {"template": "insights/_facts.html", "facts": shown, "above": True}


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
