"""The overview: what a reader's role answers for, what changed, and what needs attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights.panels import today
from insights.panels.cards import top
from insights.panels.cards.found import Rules
from insights.panels.overview import changed, figures
from insights.panels.overview.recurring import RECURRING
from insights.panels.overview.sources import sources
from pipeline import panels as pipeline
from pipeline import queries
from revops_site.kernel import permissions
from revops_site.kernel.models import User
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page

__all__ = ["CHANGES", "PAGE", "beside", "day", "of", "with_today"]

CHANGES = changed.PAGE
INSIGHTS = 3
PAGE = Page(
    slug="overview",
    title="Overview",
    url="/",
    panels=(figures.COMPANY, RECURRING, changed.CHANGED),
    datasets=pipeline.PAGE.datasets,
    dimensions=figures.KNOWN,
    choices=lambda generation: {
        name: values
        for name, values in queries.choices(generation).items()
        if name in figures.KNOWN
    },
    default_period="this_quarter",
    dated=False,
)
BY_ROLE = {
    "manager": replace(PAGE, panels=(figures.TEAM, changed.CHANGED)),
    "rep": replace(PAGE, panels=(figures.DAY, changed.CHANGED)),
}


def of(role: str) -> Page:
    """The overview of a role."""
    return BY_ROLE.get(role, PAGE)


def with_today(page: Page, user: User) -> Page:
    """The overview with what waits for its reader, through whose deals one steps."""
    return replace(page, panels=(*page.panels, today.panel(user, page.dimensions)))


def day(user: User) -> Page:
    """The page of all that waits for a reader."""
    waiting = (today.panel(user, PAGE.dimensions),)
    return replace(PAGE, slug=today.SLUG, title="Today", url=today.URL, panels=waiting)


def beside(
    visit: Visit,
    user: User,
    token: str,
    rules: Rules,
    connects: Sequence[Mapping[str, str]] = (),
) -> Sequence[Mapping[str, Any]]:
    """What stands beside the figures: what waits for the reader (``user``, whose forms carry the
    ``token``), the way to all changes, the gravest insights, the sources.
    """
    allowed = permissions.allowed(user)
    at = visit.workspace
    ways = {"template": "insights/_sources_of.html", "sources": sources(at)}
    if visit.fresh.is_empty:
        scoped = allowed.reps is not None
        welcome = {"template": "insights/_welcome.html", "scoped": scoped, "connects": connects}
        return [welcome, ways]
    asked = visit.asked.replace(period=None, compare="previous")
    kept = asked.to_query()
    url, count = changed.address(visit.slice_, kept, at.generation)
    more = {
        "template": "insights/_more_changes.html",
        "url": url,
        "count": f"{count:,}",
        "bridge": changed.bridged(visit.slice_, kept),
    }
    tail = f"?{kept}" if kept else ""
    cards = {
        "template": "insights/_top.html",
        "cards": top(asked, user, rules, INSIGHTS),
        "url": f"/insights/{tail}",
    }
    waiting = today.context(visit.slice_, user, token, kept)
    return [waiting, *([more] if count else []), cards, ways]
