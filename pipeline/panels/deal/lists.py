"""Which table of deals a reader came from, among those of a page."""

from __future__ import annotations

from dataclasses import dataclass

from revops_site.kernel.listings import Listing, linked
from revops_site.kernel.panels import Page, Panel


@dataclass(frozen=True)
class Place:
    """A table of deals on a page of panels; ``key`` is its column of the deals' ids."""

    page: Page
    table: Listing | Panel
    key: str


def find(slug: str, page: Page | None) -> Place | None:
    """The table of that slug on the page; None where no deals are stepped through there."""
    table = (page.listing(slug) or page.panel(slug)) if page else None
    if page is None or table is None:
        return None
    ways = (linked(shown) for shown in table.columns if shown.steps == slug)
    return next((Place(page, table, key) for key, *_ in ways), None)
