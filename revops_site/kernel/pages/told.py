"""What stands in a panel or a long table, told to a program: some rows of it, and how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from revops_site.kernel import exports
from revops_site.kernel.listings import COUNTED, Listing, answer, columns
from revops_site.kernel.pages.visits import Visit, look
from revops_site.kernel.pages.widgets import AskedError
from revops_site.kernel.panels import Page, Panel, content, ordered
from revops_site.kernel.queries import sharing


@dataclass(frozen=True)
class Told:
    """Some rows by the columns' names, of ``total``; what they are of stands in ``about``.

    ``not_applied`` names the filters that were asked for and that these data do not know.
    """

    title: str
    about: Mapping[str, str]
    not_applied: Sequence[str]
    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    total: int


def rows(request: HttpRequest, shown: Page, slug: str, query: str, nth: int, size: int) -> Told:
    """The ``nth`` part of ``size`` rows of what its file holds; none beyond the end.

    Http404 where the page has no such part. A program is not told of something else than it asked
    for: AskedError of a filter, an order or a column that cannot be used.
    """
    long_table, panel = shown.listing(slug), shown.panel(slug)
    if long_table is None and panel is None:
        raise Http404(f"{shown.title} has no panel {slug}.")
    with sharing():
        visit = look(request, shown, query)
        asked = visit.lists[slug].notices if long_table else ()
        errors = dict.fromkeys((*visit.asked.notices, *asked, *_unsorted(request, shown, slug)))
        if errors:
            raise AskedError([*errors])
        if long_table is not None:
            return _listed(long_table, visit, nth, size)
        assert panel is not None
        return _panelled(panel, visit.on(panel), nth, size)


def figures(request: HttpRequest, shown: Page, query: str) -> list[dict[str, Any]]:
    """The headline figures of a page as its tiles show them; AskedError as of ``rows``."""
    with sharing():
        visit = look(request, shown, query)
        if visit.asked.notices:
            raise AskedError(visit.asked.notices)
        parts = [(one, visit.on(one)) for one in shown.panels if one.tiles]
        return [row for one, at in parts for row in _tiles(one, at)]


def about(
    visit: Visit, question: str, filters: str, notes: Sequence[str] = ()
) -> Mapping[str, str]:
    """What a reader of numbers must know of them."""
    return {
        "page": visit.page.title,
        "question": question,
        "as_of": visit.slice_.as_of.isoformat(),
        "filters": filters or "none",
        "currency": visit.slice_.currency,
        **({"notes": " ".join(notes)} if notes else {}),
    }


def _unsorted(request: HttpRequest, shown: Page, slug: str) -> Sequence[str]:
    """Says so where this very part has not the asked column."""
    name = request.GET.get("sort", "").removeprefix("-")
    one = shown.listing(slug) or shown.panel(slug)
    known = {*one.names, COUNTED.name} if one else ()
    return () if not name or name in known else (f"There is no column “{name[:40]}” to order by.",)


def _panelled(one: Panel, visit: Visit, nth: int, size: int) -> Told:
    """From what the page shows, where it was made already."""
    made = content(one, visit.slice_, visit.workspace.generation)
    frame = ordered(one, made.frame, visit.sort or one.sort)[list(one.names)]
    first = (nth - 1) * size
    return Told(
        title=one.title,
        about=about(visit, one.question, visit.asked.to_query(), made.notes),
        not_applied=visit.slice_.not_applied(one.dimensions),
        columns=one.names,
        rows=exports.records(frame.iloc[first : first + size]),
        total=len(frame),
    )


def _tiles(one: Panel, visit: Visit) -> Iterator[dict[str, Any]]:
    made = content(one, visit.slice_, visit.workspace.generation)
    for tile, row in zip(made.tiles, exports.records(made.frame), strict=True):
        yield {
            "page": visit.page.slug,
            "panel": one.slug,
            "slug": tile.metric.slug,
            "label": row["metric"],
            **{name: row[name] for name in ("field", "value", "previous", "change")},
            "low": tile.low,
            "high": tile.high,
            "n": tile.n,
            "as_of": visit.slice_.as_of,
            "currency": visit.slice_.currency,
        }


def _listed(one: Listing, visit: Visit, nth: int, size: int) -> Told:
    asked = visit.lists[one.slug].replace(page=nth, size=size)
    found = answer(one, visit.slice_, asked, visit.workspace.generation)
    names = [shown.name for shown in columns(one, asked)]
    is_there = found.number == nth
    return Told(
        title=one.title,
        about=about(visit, one.question, visit.frame.address().partition("?")[2]),
        not_applied=visit.slice_.not_applied(one.dimensions),
        columns=names,
        rows=[exports.record(names, row) for row in found.rows] if is_there else (),
        total=found.among,
    )
