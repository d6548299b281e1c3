"""A rep's day over HTTP; who sells nothing comes to the team."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from coaching.panels import day as shown
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import may, needs

TEMPLATE = "coaching/dashboard.html"


def _page(request: HttpRequest) -> Page:
    found = shown.page(request.user) if may(request.user, "plan own day") else None
    if found is None:
        raise Http404("This is the page of somebody who sells.")
    return found


@pages.shows(_page)
@require_safe
def day(request: HttpRequest) -> HttpResponseBase:
    """What a rep stands at, is to do, and has open."""
    try:
        found = _page(request)
    except Http404:
        return redirect("coaching:team")
    beside = partial(shown.beside, user=request.user, token=get_token(request))  # type: ignore[arg-type]
    return pages.page(request, TEMPLATE, found, beside)


@require_safe
@needs("plan own day")
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One part of it."""
    return pages.panel(request, _page(request), slug)


@require_safe
@needs("plan own day")
def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One part of it as a file."""
    return pages.export(request, _page(request), slug, kind)
