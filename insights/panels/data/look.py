"""One look at the Data page, and how a part of it is drawn in what state."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, OperationalError
from psycopg.errors import QueryCanceled

from insights.panels.data.asked import Asked
from revops_site.kernel import clock, formats, freshness
from revops_site.kernel.fragments.tables import Cell
from revops_site.kernel.models import Workspace

logger = logging.getLogger(__name__)

Part = Mapping[str, Any]
TOO_LONG = "This takes longer than a page may wait."


@dataclass(frozen=True)
class Look:
    """Who looks sees everything: this page is open to those alone who may. ``url`` is the page."""

    url: str
    asked: Asked
    workspace: Workspace
    now: datetime
    request_id: str = ""

    @property
    def today(self) -> date:
        """The business day of now."""
        return freshness.stamp(self.workspace)

    def address(self, **changes: Any) -> str:
        """The address of what is shown, or of it with other choices."""
        return self.asked.address(self.url, **changes)

    def moment(self, at: datetime | None, **options: Any) -> Cell:
        """A moment as people of the workspace read it."""
        if at is None:
            return Cell(formats.UNKNOWN, **options)
        return Cell(self.written(at), iso=at.isoformat(), **options)

    def written(self, at: datetime) -> str:
        """The same as a text."""
        local = at.astimezone(ZoneInfo(self.workspace.time_zone))
        return f"{formats.show(local.date(), 'date')}, {local:%H:%M}"


def look(url: str, asked: Asked, request_id: str = "") -> Look:
    """A look at this moment."""
    return Look(url, asked, freshness.workspace(), clock.now(), request_id)


def part(
    look: Look, slug: str, title: str, make: Callable[[], Part], *, subtitle: str = "", **more: Any
) -> Part:
    """A part of the page, of what ``make`` gives; one that fails says so in its place."""
    bare = {
        "slug": slug,
        "title": title,
        "subtitle": subtitle,
        "width": "col-12",
        "state": "ok",
        "retry_url": look.address(),
        "request_id": look.request_id,
        **more,
    }
    try:
        return {**bare, **make()}
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        return {**bare, "state": "error", "error": TOO_LONG}
    except DatabaseError:
        raise
    except Exception:
        logger.exception("part %s failed", slug)
        return {**bare, "state": "error", "error": "This part could not be computed."}
