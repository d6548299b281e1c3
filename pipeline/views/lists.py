"""The lists of what waits: whole, one panel, one file."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from pipeline.panels import lists
from pipeline.views.dashboards import DASHBOARD
from revops_site.kernel import pages
from revops_site.kernel.panels import Page


@require_safe
def first(request: HttpRequest) -> HttpResponseBase:
    """The way to the first list, with the filters of now."""
    query = request.META.get("QUERY_STRING", "")
    url = reverse("pipeline:list", args=["overdue"])
    return redirect(f"{url}?{query}" if query else url)


@pages.shows(lambda request, which: _found(which))
@require_safe
def shown(request: HttpRequest, which: str) -> HttpResponseBase:
    """One list."""
    return pages.page(request, DASHBOARD, _found(which), lists.beside)


@require_safe
def panel(request: HttpRequest, which: str, slug: str) -> HttpResponseBase:
    """One panel of a list."""
    return pages.panel(request, _found(which), slug)


@require_safe
def file(request: HttpRequest, which: str, slug: str, kind: str) -> HttpResponseBase:
    """One panel's file."""
    return pages.export(request, _found(which), slug, kind)


def _found(which: str) -> Page:
    page = lists.named(which)
    if page is None:
        raise Http404("There is no such list.")
    return page
