"""The controls of a long table: what one may search, choose, group by; and what is chosen."""

from __future__ import annotations

from typing import Any

from revops_site.kernel.fragments.frame import Frame
from revops_site.kernel.listings import SIZES, Asked, Listing

FORM = "filters"  # one form holds all that the address says: the page's filters and the list's


def controls(listing: Listing, asked: Asked, frame: Frame) -> dict[str, Any]:
    """What ``_listing.html`` prints above the rows."""
    slug = listing.slug
    return {
        "id": f"listing-{slug}",
        "slug": slug,
        "form": FORM,
        "url": frame.url,
        "search": {"label": f"Search {listing.noun}", "value": asked.q} if listing.search else None,
        "flags": [
            {"name": name, "label": flag.label, "help": flag.help, "chosen": name in asked.flags}
            for name, flag in listing.flags.items()
        ],
        "groups": _groups(listing, asked),
        "sizes": [{"value": size, "chosen": size == asked.size} for size in SIZES],
        "columns": _columns(listing, asked),
        "chosen": len(asked.columns or listing.default),
    }


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
