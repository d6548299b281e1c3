"""HTTP in, HTML out: attribution, its journeys, its ledger, one deal's journey."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights.panels import attribution as shown
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import allowed

TEMPLATE = "insights/drill.html"
PAGES = {
    "": shown.PAGE,
    "campaigns": shown.CAMPAIGNS,
    "journeys": shown.JOURNEYS,
    "ledger": shown.LEDGER,
}


@pages.shows(lambda request, which="": _page(request, which))
@require_safe
def attribution(request: HttpRequest, which: str = "") -> HttpResponseBase:
    """The models side by side, the journeys, or the ledger."""
    return pages.page(request, TEMPLATE, _page(request, which), shown.beside)


@require_safe
def file(request: HttpRequest, slug: str, kind: str, which: str = "") -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _page(request, which), slug, kind)


@pages.shows(lambda request, deal_id: _deal(request, deal_id))
@require_safe
def journey(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """One deal's journey, for those who may see the deal."""
    return pages.page(request, TEMPLATE, _deal(request, deal_id), shown.beside)


@require_safe
def journey_file(request: HttpRequest, deal_id: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _deal(request, deal_id), slug, kind)


def _page(request: HttpRequest, which: str) -> Page:
    found = PAGES.get(which)
    if found is None:
        raise Http404("There is no such page.")
    return shown.as_asked(found, request.GET.get("by", ""))


def _deal(request: HttpRequest, deal_id: str) -> Page:
    found = shown.deal_page(deal_id, allowed(request.user))
    if found is None:
        raise Http404("There is no such deal, or it is not yours to see.")
    return shown.as_asked(found)
