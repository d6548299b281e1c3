"""Figures of one page on another: as of that page's own last day, so that they are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from revops_site.kernel import freshness
from revops_site.kernel.filters import Slice
from revops_site.kernel.panels import Page


def as_on(page: Page, slice_: Slice) -> tuple[Slice, Mapping[str, Any]]:
    """The slice no later than the page's data go, and what the page has to be asked for it."""
    last = freshness.of(page.datasets, freshness.workspace()).last_day
    if last is None or last == slice_.as_of:
        return slice_, {}
    day: date = min(last, slice_.as_of)
    asked: dict[str, Any] = {"as_of": day}
    if slice_.period is not None and slice_.period.days:
        start, end = slice_.period.start, slice_.period.last_day
        asked |= {"period": "custom", "start": start, "end": end}
    return replace(slice_, as_of=day), asked
