"""HTTP in, HTML out: the closed loop from spend to what is still paid a year later."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights.panels import loop as shown
from revops_site.kernel import pages
from revops_site.kernel.panels import Page


@pages.shows(lambda request: _page(request))
@require_safe
def loop(request: HttpRequest) -> HttpResponseBase:
    """The loop by channel and campaign."""
    return pages.page(request, "marketing/dashboard.html", _page(request), shown.beside)


@require_safe
def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _page(request), slug, kind)


def _page(request: HttpRequest) -> Page:
    return shown.as_asked(request.GET.get("model", ""))
