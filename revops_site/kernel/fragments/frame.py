"""What a panel is drawn in, and how a value is written there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from revops_site.kernel import explain, formats
from revops_site.kernel.filters import Filters, Slice
from revops_site.kernel.noted import Noted
from revops_site.kernel.panels import Page


@dataclass(frozen=True)
class Frame:
    """What a panel is drawn in: the page, what was asked, what is shown, and since when.

    ``kept`` is what else the address says, of the page's long tables, ``noted`` what people
    wrote at days. Nothing is explained where
    no filter can say what the page is of.
    """

    page: Page
    asked: Filters
    slice_: Slice
    url: str
    sort: str = ""
    empty: bool = False
    request_id: str = ""
    kept: Sequence[tuple[str, str]] = ()
    explains: bool = True
    noted: Sequence[Noted] = ()

    def state(self, changes: Mapping[str, Any] | None) -> str | None:
        """The query that explains a part of the page; None where no filter can say it."""
        return explain.state(self.dated, changes) if self.explains else None

    @cached_property
    def dated(self) -> Filters:
        """What the page is of, the period written out: elsewhere the default is another."""
        asked = self.asked.replace(**self.page.fixed)
        return asked.replace(period=asked.period or self.page.default_period)

    def address(
        self,
        sort: str | None = None,
        kept: Sequence[tuple[str, str]] | None = None,
        **changes: Any,
    ) -> str:
        """The one address of this state, or of it with filters, order or long tables changed.

        Other filters or another order begin at the first page.
        """
        lists = self.kept if kept is None else kept
        wanted = dict(lists).get("sort", self.sort) if sort is None else sort
        other = {"sort", "page"} if changes or sort is not None else {"sort"}
        own = [("sort", wanted)] if wanted else []
        own += [pair for pair in lists if pair[0] not in other]
        parts = (self.asked.to_query(**changes), urlencode(own, errors="replace"))
        query = "&".join(filter(None, parts))
        return f"{self.url}?{query}" if query else self.url

    def listed(self, slug: str) -> str:
        """The query by which a page that a table leads to knows the table's rows and their order.

        ``list`` names the table, ``at`` the page that it stands on.
        """
        return f"{self._rows}&list={slug}"

    @cached_property
    def _rows(self) -> str:
        """What chooses and orders the rows of the page's tables, whichever of them are shown."""
        lost = {"page", "size", "column"}
        own = [pair for pair in self.kept if pair[0] not in lost]
        if self.sort and "sort" not in dict(own):
            own.append(("sort", self.sort))
        said = urlencode([*own, ("at", self.page.address)], errors="replace")
        return "&".join(filter(None, (self.asked.to_query(), said)))


def writer(show: str, frame: Frame) -> Callable[[Any], str]:
    """What writes a column's values as ``text`` does."""
    return formats.writer(show, frame.slice_.currency)


def text(value: Any, show: str, frame: Frame) -> str:
    """A value as people read it on this page; "—" for what is not known."""
    known = None if value is pd.NA else value
    return formats.screen(formats.show(known, show, currency=frame.slice_.currency))
