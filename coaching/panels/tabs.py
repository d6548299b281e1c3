"""The pages of coaching, one beside the other, and which of them is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from revops_site.kernel.pages import Visit

TABS = (
    ("Team", "/coaching/"),
    ("Next best actions", "/coaching/actions/"),
    ("Follow-ups", "/coaching/mails/"),
)


def tabs(visit: Visit) -> Mapping[str, Any]:
    """The way to each of them above the panels; the filters travel along."""
    query = visit.asked.to_query()
    shown = [
        {
            "label": label,
            "url": f"{url}?{query}" if query else url,
            "current": url == visit.page.address,
        }
        for label, url in TABS
    ]
    return {"template": "coaching/_tabs.html", "tabs": shown, "above": True}


def without_filters(address: str) -> Mapping[str, Any]:
    """The same on a page that has no filters."""
    shown = [{"label": label, "url": url, "current": url == address} for label, url in TABS]
    return {"tabs": shown}
