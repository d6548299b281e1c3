"""What a panel is drawn in, and how a value is written there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from revops_site.kernel import formats
from revops_site.kernel.filters import Filters, Slice
from revops_site.kernel.panels import Page


@dataclass(frozen=True)
class Frame:
    """What a panel is drawn in: the page, what was asked, what is shown, and since when."""

    page: Page
    asked: Filters
    slice_: Slice
    url: str
    sort: str = ""
    empty: bool = False
    request_id: str = ""

    def address(self, sort: str | None = None, **changes: Any) -> str:
        """The one address of this state, or of it with some filters or the sort order changed."""
        wanted = self.sort if sort is None else sort
        parts = [self.asked.replace(**changes).to_query(), f"sort={wanted}" if wanted else ""]
        query = "&".join(filter(None, parts))
        return f"{self.url}?{query}" if query else self.url


def text(value: Any, show: str, frame: Frame) -> str:
    """A value as people read it on this page; "—" for what is not known."""
    if not isinstance(value, str) and value is not None and pd.isna(value):
        value = None
    return formats.screen(formats.show(value, show, currency=frame.slice_.currency))
