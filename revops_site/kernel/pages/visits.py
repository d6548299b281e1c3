"""One look at a page: what its address asks for, and what of it this reader may see."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from django.http import HttpRequest

from revops_site.kernel import filterform, freshness, noted, quarters, queries
from revops_site.kernel.filters import Allowed, Filters, Slice, narrow
from revops_site.kernel.fragments import Frame
from revops_site.kernel.freshness import Freshness
from revops_site.kernel.listings import Asked
from revops_site.kernel.models import Workspace
from revops_site.kernel.noted import Noted
from revops_site.kernel.panels import Page, Panel
from revops_site.kernel.permissions import allowed


@dataclass(frozen=True)
class Visit:
    """One look at a page: who asked for what, what they may see of it, and how new it is.

    ``notes`` asks what people wrote at days; ``lists`` holds what was asked of each of its long
    tables, by slug.
    """

    page: Page
    asked: Filters
    slice_: Slice
    workspace: Workspace
    fresh: Freshness
    choices: filterform.Choices
    url: str
    sort: str
    unsorted: Sequence[str]
    lists: Mapping[str, Asked]
    request_id: str
    notes: Callable[[], tuple[Noted, ...]]

    def on(self, panel: Panel) -> Visit:
        """The same look on the last day of the panel's own data, as the page has it it is of."""
        home = self.page.homes.get(panel.slug, self.page)
        if home is self.page and not panel.datasets:
            return self
        fresh = freshness.of(panel.datasets or home.datasets, self.workspace)
        at_home = self if home is self.page else replace(self, page=home, fresh=fresh)
        if fresh.last_day is None:
            return at_home
        allowed_ = Allowed(self.slice_.reps)
        slice_ = _slice(self.asked, home, allowed_, fresh.last_day, self.workspace)
        return replace(at_home, slice_=slice_)

    @property
    def noted(self) -> tuple[Noted, ...]:
        """What people wrote at days that belongs here; asked for once a page."""
        return self.notes()

    @property
    def frame(self) -> Frame:
        """What its panels are drawn in."""
        return Frame(
            page=self.page,
            asked=self.asked,
            slice_=self.slice_,
            url=self.url,
            sort=self.sort,
            empty=self.fresh.is_empty,
            noted=self.noted,
            request_id=self.request_id,
            explains=all(
                value in self.choices[name]
                for name, values in self.page.always.items()
                for value in values
            ),
            kept=tuple(
                dict.fromkeys(
                    (
                        *self.page.own,
                        *(pair for one in self.lists.values() for pair in one.pairs()),
                    )
                )
            ),
        )


def look(request: HttpRequest, shown: Page, query: str | None = None) -> Visit:
    """What this reader asked of the page, by its address or ``query``, and may see of it."""
    query = request.META.get("QUERY_STRING", "") if query is None else query
    workspace = queries.workspace()
    fresh = freshness.of(shown.datasets, workspace)
    may_see = allowed(request.user)
    choices = filterform.choices(shown, may_see, workspace.generation)
    asked = filterform.kept(Filters.parse(query), shown, choices)
    last_day = fresh.last_day or freshness.stamp(workspace)
    if shown.quarterly:
        known = quarters.offered(fresh, workspace.fiscal_year_start_month)
        day = min(asked.as_of or last_day, last_day)
        asked = quarters.kept(asked, known, day, workspace.fiscal_year_start_month)
    slice_ = _slice(asked, shown, may_see, last_day, workspace)
    sort = _sort(request, shown)
    lists = _lists(query, shown)
    return Visit(
        page=shown,
        asked=asked,
        slice_=slice_,
        workspace=workspace,
        fresh=fresh,
        choices=choices,
        url=shown.address,
        sort=sort,
        unsorted=() if lists else _unsorted(request.GET.get("sort", ""), sort),
        lists=lists,
        request_id=getattr(request, "request_id", ""),
        notes=_notes(request, shown, asked.as_of, last_day, workspace),
    )


def _notes(
    request: HttpRequest, shown: Page, as_of: date | None, last_day: date, at: Workspace
) -> Callable[[], tuple[Noted, ...]]:
    """Asks for what people wrote at days when it is first wanted, whichever panel wants it."""

    @cache
    def asked() -> tuple[Noted, ...]:
        return noted.on_page(request.user, shown.address, as_of, last_day, at.time_zone)

    return asked


def _slice(asked: Filters, shown: Page, may_see: Allowed, last_day: date, at: Workspace) -> Slice:
    """What may be shown of what was asked, as the page takes it, given data up to a day."""
    return narrow(
        asked.replace(**shown.fixed),
        may_see,
        last_day,
        first_month=at.fiscal_year_start_month,
        currency=at.reporting_currency,
        default_period=shown.default_period,
    )


def _sort(request: HttpRequest, shown: Page) -> str:
    """The asked sort order where some panel has that column, else none."""
    sort = request.GET.get("sort", "")
    return sort if sort.removeprefix("-") in _sortable(shown) else ""


def _sortable(shown: Page) -> Collection[str]:
    """The columns that tables of panels can be ordered by."""
    return {name for one in shown.panels if one.sort for name in one.names}


def _lists(query: str, shown: Page) -> Mapping[str, Asked]:
    """What was asked of each long table; they are read by one query string."""
    others = {name for one in shown.listings for name in one.names} | set(_sortable(shown))
    return {one.slug: Asked.parse(query, one, others) for one in shown.listings}


def _unsorted(asked: str, sort: str) -> Sequence[str]:
    """Says so where no table has the asked order."""
    return () if asked == sort else (f"Order “{asked[:40]}” is unknown; showing the default.",)
