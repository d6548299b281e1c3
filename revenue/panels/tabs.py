"""The pages of revenue, one beside the other, and which of them is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from revops_site.kernel.pages import Visit

TABS = (
    ("Revenue", "/revenue/"),
    ("Waterfall", "/revenue/waterfall/"),
    ("Retention", "/revenue/retention/"),
    ("Cohorts", "/revenue/cohorts/"),
    ("Lifetimes", "/revenue/lifetimes/"),
    ("Churn", "/revenue/churn/"),
    ("Renewals", "/revenue/renewals/"),
    ("Forecast", "/revenue/forecast/"),
    ("Unit economics", "/revenue/unit-economics/"),
    ("Definitions", "/revenue/definitions/"),
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
    return [{"template": "revenue/_tabs.html", "tabs": tabs, "above": True}]


def _open(address: str) -> str:
    """The page that one is on, or below."""
    return max((url for _, url in TABS if address.startswith(url)), key=len, default="")
