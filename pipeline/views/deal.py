"""One deal's page."""

from __future__ import annotations

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
        context = shown.page(deal_id, request.user, request.GET.dict())
        if context is None:
            raise Http404("There is no such deal, or it is not yours to see.")
        answer = pages.plain(request, TEMPLATE, context, shown.PARTS)
    for source in SOURCES:
        sync.refresh_notes(source.name, deal_id)
    return answer
