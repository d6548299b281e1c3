"""HTTP in, HTML out: the executive summary."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from insights.actions import wording
from insights.panels import summary as shown
from insights.rules import rules
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing

TEMPLATE = "insights/drill.html"


def _page(request: HttpRequest) -> Page:
    reader: Any = request.user  # somebody: the login is required everywhere
    return shown.with_actions(reader, rules)


@pages.shows(_page)
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest) -> HttpResponseBase:
    """The summary of a period, whole or in part; a post has a model word it."""
    may_ask = may(request.user, "work deals")
    if request.method != "POST":
        token = get_token(request) if may_ask else ""
        return pages.page(request, TEMPLATE, _page(request), partial(shown.beside, token=token))
    if not may_ask:
        raise PermissionDenied
    reader: Any = request.user
    with sharing():
        visit = pages.look(request, _page(request))
        wording.ask_for(by=reader, sentences=shown.sentences(visit))
    return redirect(visit.frame.address())


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it."""
    return pages.panel(request, _page(request), slug)


@require_safe
def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel of it as a file."""
    return pages.export(request, _page(request), slug, kind)
