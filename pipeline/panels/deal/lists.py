"""Which list a reader came from, by the address: its page, narrowed as it was there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import unquote

from pipeline import panels
from pipeline.panels import bridge, waiting
from pipeline.panels.created import CREATED
from revops_site.kernel.listings import Listing
from revops_site.kernel.panels import Page, Panel

STEP = re.compile(r"^/pipeline/bridge/([^/]+)/([^/]+)/$")
WAITING = re.compile(r"^/pipeline/velocity/(.+)/([^/]+)/$")
BELOW = re.compile(r"^/(reps|segments|marketing/channels)/([^/]+)/$")
NARROWED = {"reps": "owner", "segments": "segment", "marketing/channels": "channel"}


@dataclass(frozen=True)
class Place:
    """A table of deals on a page of panels."""

    page: Page
    table: Listing | Panel


def find(slug: str, at: str) -> Place | None:
    """The table of that slug on the page at that address; None where no deals are stepped there."""
    page = _page(at)
    if page is None:
        return None
    table = page.listing(slug) or page.panel(slug)
    if table is None or not any(shown.steps == slug for shown in table.columns):
        return None
    return Place(page, table)


def _page(at: str) -> Page | None:
    if found := STEP.match(at):
        return bridge.step(*map(unquote, found.groups()))
    if found := WAITING.match(at):
        return waiting.page(*map(unquote, found.groups()))
    if found := BELOW.match(at):
        return _below(found[1], unquote(found[2]), at)
    known = (panels.PAGE, panels.FORECAST, *panels.LISTS)
    return next((one for one in known if one.address == at), None)


def _below(kind: str, key: str, at: str) -> Page:
    """The page of one rep, segment or channel, as far as its deals go."""
    return replace(
        panels.PAGE,
        url=at,
        listings=(*panels.PAGE.listings, CREATED),
        always={NARROWED[kind]: (key,)},
    )
