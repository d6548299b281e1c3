"""The controls of a long table: what one may search, choose, group by; and what is chosen."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import orjson
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from revops_site.kernel.fragments.frame import Frame
from revops_site.kernel.listings import Asked, Listing

FORM = "filters"  # one form holds all that the address says: the page's filters and the list's


def controls(listing: Listing, asked: Asked, frame: Frame) -> dict[str, Any]:
    """What ``_listing.html`` prints above the rows."""
    own = {
        "slug": listing.slug,
        "form": FORM,
        "url": frame.url,
        "part": f"table-{listing.slug}",
    }
    return {
        **own,
        "id": f"listing-{listing.slug}",
        "search": {"label": f"Search {listing.noun}", "value": asked.q} if listing.search else None,
        "choices": _printed(orjson.dumps({**own, **_choices(listing, asked)})),
    }


def _choices(listing: Listing, asked: Asked) -> dict[str, Any]:
    return {
        "flags": [
            {"name": name, "label": flag.label, "help": flag.help, "chosen": name in asked.flags}
            for name, flag in listing.flags.items()
            if not flag.linked or name in asked.flags
        ],
        "groups": _groups(listing, asked),
        "sizes": [{"value": size, "chosen": size == asked.size} for size in listing.sizes],
        "columns": _columns(listing, asked),
        "chosen": len(asked.columns or listing.default),
    }


@lru_cache(maxsize=256)
def _printed(choices: bytes) -> SafeString:
    """The choices as they were printed before: nobody changes them from one page to the next."""
    return render_to_string("_listing_choices.html", {"list": orjson.loads(choices)})


def _groups(listing: Listing, asked: Asked) -> list[dict[str, Any]]:
    if not listing.groups:
        return []
    named = [(name, listing.column(name).label) for name in listing.groups]
    return [
        {"value": value, "label": label, "chosen": value == asked.group}
        for value, label in [("", "Nothing"), *named]
    ]


def _columns(listing: Listing, asked: Asked) -> list[dict[str, Any]]:
    """All columns; the first is always shown."""
    chosen = asked.columns or listing.default
    return [
        {
            "name": shown.name,
            "label": shown.label,
            "help": shown.help,
            "chosen": shown.name in chosen,
            "fixed": shown.name == listing.names[0],
        }
        for shown in listing.columns
    ]
