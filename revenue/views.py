"""HTTP in, HTML out: the revenue page, its panels, their files."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from revenue.panels import PAGE
from revops_site.kernel import pages


@require_safe
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """The Revenue page, whole or the part that was asked for."""
    return pages.page(request, "revenue/dashboard.html", PAGE)


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel as a fragment."""
    return pages.panel(request, PAGE, slug)


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, PAGE, slug, kind)
