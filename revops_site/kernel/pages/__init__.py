"""One page, two sizes: whole, or the fragment that HTMX asked for.

``request`` stops here: panels get a slice, and permission is only a narrower slice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from revops_site.kernel import exports
from revops_site.kernel.fragments import Drawn, draw
from revops_site.kernel.pages import listings, swaps, talks, told
from revops_site.kernel.pages.addressed import addresses, at, shows
from revops_site.kernel.pages.head import age, context, notices, window
from revops_site.kernel.pages.offers import offered
from revops_site.kernel.pages.printed import Printed, printed
from revops_site.kernel.pages.told import Told, figures, rows
from revops_site.kernel.pages.visits import Visit, look
from revops_site.kernel.pages.widgets import AskedError, as_json, reckoned, widget
from revops_site.kernel.panels import Page, Panel, content, table
from revops_site.kernel.queries import sharing

__all__ = [
    "AskedError",
    "Told",
    "Visit",
    "addresses",
    "age",
    "as_json",
    "at",
    "drawn_panel",
    "export",
    "figures",
    "look",
    "notices",
    "page",
    "panel",
    "plain",
    "reckoned",
    "rows",
    "shows",
    "views",
    "widget",
]

logger = logging.getLogger(__name__)


def page(
    request: HttpRequest,
    template: str,
    shown: Page,
    beside: Callable[[Visit], Sequence[Mapping[str, Any]]] | None = None,
) -> HttpResponse:
    """The page for this reader and these filters: whole, or the part that HTMX asked for.

    ``beside`` gives what else stands there, each with the ``template`` that prints it: below the
    panels, or ``above`` them, or ``after`` so many of them.
    """
    target = swaps.target(request)
    part, _, slug = target.partition("-")
    if part in {"panel", "table", "listing"} and slug:
        return panel(request, shown, slug, only_table=part == "table")
    with sharing():
        visit = look(request, shown)
        makers = [
            *(
                (one.slug, f"{one.about} {one.width}", partial(drawn_panel, one, visit))
                for one in shown.panels
            ),
            *(
                (one.slug, "", partial(listings.drawn_listing, one, visit))
                for one in shown.listings
            ),
        ]
        parts = talks.counted(
            [printed(slug, about, visit, make) for slug, about, make in makers],
            [slug for slug, _, _ in makers],
            talks.talks(request, visit) if shown.panels else {},
        )
        others = beside(visit) if beside else ()
        drawn = _placed(_together(parts, visit, partial(offered, request, shown)), others)
    name = "_panels.html" if target == "panels" else template
    return swaps.answer(request, name, context(visit, drawn), visit)


def views(
    shown: Page,
    template: str,
    beside: Callable[[Visit], Sequence[Mapping[str, Any]]] | None = None,
) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The three views of a page: whole or the part asked for, one panel, one panel's file."""

    @shows(lambda request: shown)
    @require_safe
    def whole(request: HttpRequest) -> HttpResponseBase:
        return page(request, template, shown, beside)

    @require_safe
    def one(request: HttpRequest, slug: str) -> HttpResponseBase:
        return panel(request, shown, slug)

    @require_safe
    def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
        return export(request, shown, slug, kind)

    return whole, one, file


def plain(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    parts: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A page without filters: whole, its main part, or the part that was asked for.

    ``parts`` names the template of each part by its id. What the context gives as a function is
    computed only where the template in use shows it; its ``address`` is the state's one address.
    """
    part = (parts or {}).get(swaps.target(request), template)
    response = render(request, part, {**context, "layout": swaps.layout(request)})
    if swaps.target(request) and "address" in context:
        response["HX-Push-Url"] = context["address"]
    patch_vary_headers(response, swaps.VARY)
    return response


def panel(
    request: HttpRequest, shown: Page, slug: str, *, only_table: bool = False
) -> HttpResponse:
    """One panel or long table, or its table alone, as a fragment; 404 for an unknown slug."""
    long_table = shown.listing(slug)
    if long_table is not None:
        visit = look(request, shown)
        return listings.fragment(request, long_table, visit, only_part=only_table)
    asked_for = _found(shown, slug)
    with sharing():
        visit = look(request, shown)
        drawn = talks.told(drawn_panel(asked_for, visit), talks.talks(request, visit))
    if only_table and drawn.state == "ok":
        return swaps.answer(request, "_table.html", {"table": drawn.table}, visit)
    return swaps.answer(request, drawn.template, {"panel": drawn}, visit)


def export(request: HttpRequest, shown: Page, slug: str, kind: str) -> HttpResponseBase:
    """The numbers of one panel, or all rows of a long table, as a file of exactly this filter."""
    if kind not in exports.KINDS:
        raise Http404(f"There are no {kind} files.")
    long_table = shown.listing(slug)
    if long_table is not None:
        return listings.file(long_table, look(request, shown), kind)
    asked_for = _found(shown, slug)
    with sharing():
        visit = look(request, shown).on(asked_for)
        frame = table(asked_for, visit.slice_, visit.sort or asked_for.sort)
        notes = asked_for.note(visit.slice_) if asked_for.note else ()
    about = told.about(visit, asked_for.question, visit.asked.to_query(), notes)
    written = exports.KINDS[kind]
    response = HttpResponse(
        written.write(exports.Sheet(asked_for.title, frame, about)),
        content_type=written.content_type,
    )
    name = f"{shown.slug}-{slug}-{visit.slice_.as_of:%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(shown: Page, slug: str) -> Panel:
    found = shown.panel(slug)
    if found is None:
        raise Http404(f"{shown.title} has no panel {slug}.")
    return found


def drawn_panel(one: Panel, visit: Visit) -> Drawn:
    """A panel that fails says so in its place; only a database that is away ends the page."""
    is_borrowed = one.slug in visit.page.homes
    visit = visit.on(one)
    try:
        made = content(one, visit.slice_, visit.workspace.generation)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("panel %s failed", one.slug)
        return draw(one, None, visit.frame)
    drawn = draw(one, made, visit.frame)
    return replace(drawn, subtitle=f"{drawn.subtitle} {_whose(visit)}") if is_borrowed else drawn


def _whose(visit: Visit) -> str:
    """Which page a borrowed panel is of, and which days it shows."""
    return f"{visit.page.title}, {window(visit) if visit.page.dated else 'as of the newest day'}."


def _placed(
    parts: Sequence[Printed | Drawn], others: Sequence[Mapping[str, Any]]
) -> Sequence[Printed | Drawn | Mapping[str, Any]]:
    """The panels with all that stands above, among and below them."""
    found: list[Printed | Drawn | Mapping[str, Any]] = [one for one in others if one.get("above")]
    for nth, part in enumerate(parts, 1):
        found += [part, *(one for one in others if one.get("after") == nth)]
    low = [one for one in others if not one.get("above")]
    return [*found, *(one for one in low if not 0 < one.get("after", 0) <= len(parts))]


def _together(
    parts: Sequence[Printed], visit: Visit, offer: Callable[[], Mapping[str, str] | None]
) -> Sequence[Printed | Drawn]:
    """One word for the whole page where no panel has anything to show, for the same reason.

    Where there are no data at all, ``offer`` is what this reader can do about it.
    """
    states = {one.state for one in parts}
    if states not in ({"empty"}, {"filtered"}) or not visit.page.panels:
        return parts
    first, title = drawn_panel(visit.page.panels[0], visit), "Nothing to show"
    whole = replace(first, template="_panel.html", width="col-12", title=title, subtitle="")
    return [replace(whole, action=offer()) if whole.state == "empty" else whole]
