"""One deal's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from pipeline.panels import deal as shown
from pipeline.sources import SOURCES
from revops_site.kernel import pages, sync
from revops_site.kernel.queries import sharing

TEMPLATE = "pipeline/deal.html"


@require_safe
def deal(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """A deal with all that is known of it; whoever may not see it finds no such page."""
    with sharing():
        context = _context(request, deal_id)
        answer = pages.plain(request, TEMPLATE, context, shown.PARTS)
    for source in SOURCES:
        sync.refresh_notes(source.name, deal_id)
    return answer


def _context(request: HttpRequest, deal_id: str) -> dict[str, Any]:
    asked = request.GET.dict()
    state = shown.stepping.kept(dict(request.GET.lists()))
    steps = None
    place = shown.lists.find(asked.get("list", ""), asked.get("at", "")) if state else None
    if place is not None:
        visit = pages.look(request, place.page)
        steps = shown.stepping.drawn(deal_id, place, visit, state)
    context = shown.page(deal_id, request.user, asked, state, steps)
    if context is None:
        raise Http404("There is no such deal, or it is not yours to see.")
    return context
