"""A number explained: for this reader, these filters and this day, with the rows behind it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from math import isnan
from typing import Any

from django.urls import reverse

from revops_site.kernel import explain, formats, freshness
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import Slice
from revops_site.kernel.fragments.explained import explained
from revops_site.kernel.freshness import Freshness
from revops_site.kernel.listings import Listing
from revops_site.kernel.metrics import Measured, Metric, number
from revops_site.kernel.pages import Visit, age, notices
from revops_site.kernel.pages.listings import drawn_listing
from revops_site.kernel.panels import Page

ROWS = "rows"
PARTS = {"explain": "insights/_explain.html", f"table-{ROWS}": "_listing_part.html"}


def book(page: Page, ledger: Ledger, metric: Metric, url: str = "") -> Page:
    """The explanation of a number as a page: it knows what the number's page knows.

    ``url`` is its address where that does not follow from the number alone.
    """
    listing = Listing(
        slug=ROWS,
        title=ledger.title,
        question=f"The rows behind {metric.label}.",
        rows=ledger.rows,
        columns=ledger.columns,
        key=ledger.order,
        dimensions=ledger.dimensions,
        noun=ledger.noun or ledger.title[:1].lower() + ledger.title[1:],
        totals=_counted(ledger) if ledger.counts else None,
    )
    return replace(page, slug=f"explain/{metric.slug}", url=url, panels=(), listings=(listing,))


def explanation(visit: Visit, page: Page, ledger: Ledger, metric: Metric) -> dict[str, Any]:
    """What ``insights/explain.html`` prints: whole, beside a page, or its rows alone."""
    query = visit.asked.to_query()
    tail = f"?{query}" if query else ""
    return {
        "title": metric.label,
        "fresh": age(visit),
        "notices": notices(visit),
        "page": {"title": page.title, "url": f"{page.address}{tail}"},
        "here": f"{visit.url}{tail}",
        "one": functools.cache(lambda: _one(visit, ledger, metric)),
        "list": functools.cache(lambda: _rows(visit)),
    }


def _one(visit: Visit, ledger: Ledger, metric: Metric) -> dict[str, Any]:
    fresh = freshness.of(ledger.datasets, visit.workspace)
    found = explain.explain(ledger, metric, visit.slice_, visit.workspace.generation)
    before = _before(ledger, metric, visit, fresh.first_day)
    one = explained(ledger, found, before, visit.choices, visit.frame)
    told = {**_age(fresh, visit.slice_), "is_empty": fresh.is_empty}
    # A number of one deal has an address of its own, and no other period.
    is_single = bool(visit.page.url) or fresh.is_empty
    why_url = "" if is_single else explain.why(metric, visit.frame.dated.to_query())
    alert_url = "" if is_single else _watched(metric, visit)
    return {**one, **told, "why_url": why_url, "alert_url": alert_url}


def _watched(metric: Metric, visit: Visit) -> str:
    """Where one is told when it passes a limit, under the same filters."""
    query = visit.frame.dated.to_query()
    return "&".join(filter(None, (f"{reverse('insights:new_alert')}?metric={metric.slug}", query)))


def _rows(visit: Visit) -> dict[str, Any]:
    """A page of the rows; it is part of no form, so that it can stand beside any."""
    (listing,) = visit.page.listings
    return {**drawn_listing(listing, visit).listing, "hidden": ()}


def _counted(ledger: Ledger) -> Callable[[Slice], Mapping[str, int]]:
    """How many rows a slice has, from where the ledger knows it without counting them."""

    def counted(slice_: Slice) -> Mapping[str, Any]:
        found = number(ledger.totals(slice_), ledger.counts)
        return {"rows": 0 if isnan(found) else int(found)}

    return counted


def _before(
    ledger: Ledger, metric: Metric, visit: Visit, first_day: date | None
) -> Measured | None:
    """The compared period's value, where the data reach back to its first day."""
    previous = visit.slice_.previous()
    if not ledger.dated or previous is None or previous.period is None or first_day is None:
        return None
    if previous.period.start < first_day:
        return None
    return explain.measured(ledger, metric, previous, visit.workspace.generation)


def _age(fresh: Freshness, slice_: Slice) -> Mapping[str, Any]:
    """As of when the rows are, when the last of them came, and what was refused of them."""
    loaded = fresh.loaded_at
    return {
        "as_of": formats.show(slice_.as_of, "date"),
        "as_of_iso": slice_.as_of.isoformat(),
        "loaded": f"{loaded:%Y-%m-%d %H:%M} UTC" if loaded else "",
        "loaded_iso": loaded.isoformat() if loaded else "",
        "refused": f"{fresh.refused:,}",
    }
