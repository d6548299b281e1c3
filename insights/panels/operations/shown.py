"""The Operations page: what runs, waits, is slow and failed, and where one mends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse

from insights.panels.data import work
from insights.panels.data.asked import Asked
from insights.panels.data.look import Look, Part, look, part
from insights.panels.operations import parts, slow

__all__ = ["PARTS", "page"]

PARTS = {
    f"panel-{parts.SLUG}": "insights/_operations_parts.html",
    f"panel-{work.SLUG}": "insights/_work.html",
    f"panel-{slow.PAGES}": "insights/_operations_pages.html",
    f"panel-{slow.STATEMENTS}": "insights/_operations_statements.html",
    f"panel-{slow.FAULTS}": "insights/_operations_faults.html",
}
SORTS = frozenset(one.name for one in (*work.TASKS, *slow.PAGE_COLUMNS) if one.sorts)


def page(query: str, request_id: str, systems: Callable[[], Sequence[Any]]) -> dict[str, Any]:
    """Its parts, each computed where a template shows it; ``systems`` tells how sources stand."""
    asked = Asked.parse(query, sorts=SORTS)
    here = look(reverse("insights:operations"), asked, request_id)
    return {
        "title": "Operations",
        "address": here.address(),
        "notices": asked.notices,
        "summary": lambda: _summary(here),
        "parts": lambda: parts.the_parts(here, systems),
        "work": lambda: work.the_work(here),
        "pages": lambda: slow.the_pages(here),
        "statements": lambda: slow.the_statements(here),
        "faults": lambda: slow.the_faults(here),
    }


def _summary(here: Look) -> Part:
    return part(here, "ops-summary", "Headline figures", lambda: {"tiles": slow.tiles(here)})
