"""HTTP in, HTML out: what a rep's figures mean, looked at alone and had written anew."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from coaching.actions import insights as actions
from coaching.panels import rep as of_rep
from coaching.panels.rep import insights as shown
from revops_site.kernel import pages
from revops_site.kernel.permissions import allowed, may
from revops_site.kernel.queries import sharing

NONE = "There is no such page, or it is not yours to see."


@require_http_methods(["GET", "HEAD", "POST"])
def insights(request: HttpRequest, rep_id: str) -> HttpResponseBase:
    """The part of the rep's page, which looks again while it is written; a post asks for that."""
    whose = of_rep.person(rep_id, allowed(request.user))
    page = of_rep.page(rep_id, allowed(request.user))
    if whose is None or page is None:
        raise Http404(NONE)
    may_ask = may(request.user, "work deals")
    if request.method == "POST":
        if not may_ask:
            raise PermissionDenied
        reader: Any = request.user  # somebody, as was just made sure
        actions.ask_for(rep_id=rep_id, by=reader)
    address = of_rep.address(rep_id)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{address}#{shown.SLUG}")
    token = get_token(request) if may_ask else ""
    with sharing():
        panel = shown.drawn(pages.look(request, page), whose, address, token)
        return pages.plain(request, shown.TEMPLATE, {"panel": panel})
