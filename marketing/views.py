"""HTTP in, HTML out: marketing's page, its panels, their files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from marketing.panels import PAGE
from revops_site.kernel import pages


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The Marketing page, whole or the part that was asked for."""
    return pages.page(request, "marketing/dashboard.html", PAGE)


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """One panel as a fragment."""
    return pages.panel(request, PAGE, slug)


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, PAGE, slug, kind)
