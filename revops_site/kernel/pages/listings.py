"""A page's long tables: drawn, in part or whole, and as files that leave while they are read."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase

from revops_site.kernel import exports
from revops_site.kernel.fragments import Drawn
from revops_site.kernel.fragments.listings import draw_listing, is_offered, made_at
from revops_site.kernel.listings import Listing, answer, columns, every_row
from revops_site.kernel.pages import swaps
from revops_site.kernel.pages.told import about
from revops_site.kernel.pages.visits import Visit

logger = logging.getLogger(__name__)


def drawn_listing(one: Listing, visit: Visit) -> Drawn:
    """A long table; one that fails says so in its place, unless the database is away."""
    asked, frame = visit.lists[one.slug], visit.frame
    try:
        found = answer(one, visit.slice_, asked, visit.workspace.generation)
        notes = one.note(visit.slice_) if one.note else ()
    except DatabaseError:
        raise
    except Exception:
        logger.exception("listing %s failed", one.slug)
        return draw_listing(one, asked, None, (), frame)
    return draw_listing(one, asked, found, notes, frame)


def fragment(request: HttpRequest, one: Listing, visit: Visit, *, only_part: bool) -> HttpResponse:
    """A long table, or what a search and an order change of it alone."""
    drawn = drawn_listing(one, visit)
    if only_part and drawn.state == "ok":
        return swaps.answer(request, "_listing_part.html", {"list": drawn.listing}, visit)
    return swaps.answer(request, drawn.template, {"panel": drawn}, visit)


def file(one: Listing, visit: Visit, kind: str) -> HttpResponseBase:
    """All rows of exactly this filter, search, order and choice of columns.

    So many that somebody would have to wait are made in the background: the way there.
    """
    among = count(one, visit)
    if not is_offered(kind, among):
        raise Http404(f"{among:,} rows are too many for {kind}.")
    if among > settings.ROWS_AT_ONCE:
        return HttpResponseRedirect(made_at(visit.frame.address(), one.slug, kind))
    written = exports.KINDS[kind]
    response = StreamingHttpResponse(
        exports.begun(written.stream(roll(one, visit))), content_type=written.content_type
    )
    response["Content-Disposition"] = f'attachment; filename="{name(one, visit, kind)}"'
    return response


def count(one: Listing, visit: Visit) -> int:
    """How many rows, or groups of rows, its file has."""
    asked = visit.lists[one.slug]
    return answer(one, visit.slice_, asked, visit.workspace.generation).among


def name(one: Listing, visit: Visit, kind: str) -> str:
    """What its file is called."""
    return f"{visit.page.slug}-{one.slug}-{visit.slice_.as_of:%Y%m%d}.{kind}"


def roll(one: Listing, visit: Visit) -> exports.Roll:
    """Its rows on their way into a file; some thousand are held at a time."""
    asked = visit.lists[one.slug]
    return exports.Roll(
        title=one.title,
        columns=[shown.name for shown in columns(one, asked)],
        rows=every_row(one, visit.slice_, asked),
        about=about(visit, one.question, visit.frame.address().partition("?")[2]),
    )
