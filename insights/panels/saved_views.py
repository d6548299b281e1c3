"""The menu of a page's saved views, and what of an address is kept in one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from insights.queries.saved_views import View
from revops_site.kernel.filters import Filters
from revops_site.kernel.panels import Page

# What a list of the page is asked for, beside the filters; not where one has turned pages to.
LISTS = ("in", "q", "sort", "size", "group", "column", "flag")
MOST_PARTS = 200


@dataclass(frozen=True)
class Place:
    """A page that has filters, and its address."""

    slug: str
    title: str
    url: str
    default_period: str

    @staticmethod
    def of(page: Page) -> Place:
        """The place of a page of panels; the overview is where the product begins."""
        url = "/" if page.slug == "overview" else f"/{page.slug}/"
        return Place(page.slug, page.title, url, page.default_period)

    def address(self, query: str) -> str:
        """The address of this state of the page."""
        return f"{self.url}?{query}" if query else self.url


def state(query: str, place: Place) -> str:
    """What a view keeps of an address: its filters in their one form, and what its lists show."""
    asked = Filters.parse(query)
    if asked.period == place.default_period:
        asked = asked.replace(period=None)
    try:
        given = parse_qsl(query, max_num_fields=MOST_PARTS)
    except ValueError:
        given = []
    lists = [(name, value) for name, value in given if name in LISTS]
    return "&".join(filter(None, [asked.to_query(), urlencode(lists, errors="replace")]))


def menu(
    place: Place, views: Iterable[View], query: str, said: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What ``_views_sheet.html`` prints.

    ``said`` is what could not be done: ``error`` (a sentence), ``name`` (as it was typed) and
    ``view_id`` (which view it was about; none for a new one).
    """
    own = [view for view in views if view.page == place.slug]
    default = next((view.query for view in own if view.is_default), "")
    return {
        "title": place.title,
        "url": place.url,
        "slug": place.slug,
        "query": state(query, place),
        "default": place.address(default).removeprefix(place.url),
        "views": [
            {
                "id": view.id,
                "name": view.name,
                "url": place.address(view.query),
                "is_default": view.is_default,
            }
            for view in own
        ],
        "error": "",
        "name": "",
        "view_id": None,
        **(said or {}),
    }
