"""HTTP in, HTML out: the campaigns, and one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights.panels import campaigns as shown
from insights.panels.campaigns.returns import PAGE as SATURATION
from marketing.panels import tabs
from revops_site.kernel import pages
from revops_site.kernel.panels import Page

TEMPLATE = "marketing/dashboard.html"

saturation, saturation_panel, saturation_file = pages.views(SATURATION, TEMPLATE, tabs.beside)
campaigns, panel, export = pages.views(shown.PAGE, TEMPLATE, tabs.beside)


@pages.shows(lambda request, name: _found(name))
@require_safe
def campaign(request: HttpRequest, name: str) -> HttpResponseBase:
    """One campaign's page."""
    return pages.page(request, TEMPLATE, _found(name), tabs.beside)


@require_safe
def campaign_file(request: HttpRequest, name: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _found(name), slug, kind)


def _found(name: str) -> Page:
    page = shown.page(name)
    if page is None:
        raise Http404("There is no such campaign.")
    return page
