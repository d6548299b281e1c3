"""The pages of marketing, one beside the other, and which of them is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from revops_site.kernel.pages import Visit

TABS = (
    ("Marketing", "/marketing/"),
    ("Campaigns", "/marketing/campaigns/"),
    ("Attribution", "/marketing/attribution/"),
    ("Closed loop", "/marketing/closed-loop/"),
    ("Saturation", "/marketing/saturation/"),
    ("Lead cohorts", "/marketing/cohorts/"),
    ("Lead to cash", "/insights/lead-to-cash/"),
)


def beside(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The way to each of them above the panels; the filters travel along."""
    query = visit.asked.to_query()
    tabs = [
        {
            "label": label,
            "url": f"{url}?{query}" if query else url,
            "current": url == _open(visit.page.address),
        }
        for label, url in TABS
    ]
    return [{"template": "marketing/_tabs.html", "tabs": tabs, "above": True}]


def _open(address: str) -> str:
    """The page that one is on, or below."""
    return max((url for _, url in TABS if address.startswith(url)), key=len, default="")
