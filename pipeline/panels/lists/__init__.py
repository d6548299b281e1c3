"""The lists of what waits: each a page of its own, beside the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.panels import tabs
from pipeline.panels.lists.cash import CASH
from pipeline.panels.lists.ledgers import LEDGERS
from pipeline.panels.lists.orders import COMPLIANCE, ORDERS
from pipeline.panels.lists.people import HYGIENE, LATELY, OWNERS
from pipeline.panels.lists.waiting import INACTIVE, OVERDUE, STUCK
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page

__all__ = ["BOOKS", "PAGES", "beside", "named"]

PAGES = (OVERDUE, STUCK, INACTIVE, ORDERS, COMPLIANCE, CASH, OWNERS, LATELY, HYGIENE)
# Each list with the ledger of its figures.
BOOKS = tuple(
    (page, (ledger,))
    for page, ledger in zip(
        (OVERDUE, STUCK, INACTIVE, ORDERS, COMPLIANCE, CASH, HYGIENE), LEDGERS, strict=True
    )
)


def beside(visit: Visit) -> Sequence[Mapping[str, Any]]:
    """The way to the pipeline's other pages, and below it to the other lists."""
    query = visit.asked.to_query()
    lists = [
        {
            "label": one.title,
            "url": f"{one.address}?{query}" if query else one.address,
            "current": one.address == visit.page.address,
        }
        for one in PAGES
    ]
    return [
        *tabs.beside(visit),
        {"template": "pipeline/_lists.html", "lists": lists, "above": True},
    ]


def named(slug: str) -> Page | None:
    """The list of that name in its address; None where there is none."""
    return next((one for one in PAGES if one.slug == f"list-{slug}"), None)
