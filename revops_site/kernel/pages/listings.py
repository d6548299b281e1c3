"""A page's long tables: drawn, in part or whole, and as files that leave while they are read."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from revops_site.kernel import exports
from revops_site.kernel.fragments import Drawn
from revops_site.kernel.fragments.listings import draw_listing, is_offered
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


def file(one: Listing, visit: Visit, kind: str) -> StreamingHttpResponse:
    """All rows of exactly this filter, search, order and choice of columns."""
    asked = visit.lists[one.slug]
    found = answer(one, visit.slice_, asked, visit.workspace.generation)
    if not is_offered(kind, found.among):
        raise Http404(f"{found.among:,} rows are too many for {kind}.")
    roll = exports.Roll(
        title=one.title,
        columns=[shown.name for shown in columns(one, asked)],
        rows=every_row(one, visit.slice_, asked),
        about=about(visit, one.question, visit.frame.address().partition("?")[2]),
    )
    written = exports.KINDS[kind]
    response = StreamingHttpResponse(written.stream(roll), content_type=written.content_type)
    name = f"{visit.page.slug}-{one.slug}-{visit.slice_.as_of:%Y%m%d}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
