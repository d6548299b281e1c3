"""HTTP in, HTML out: what needs attention, as cards and as files, and what readers say of it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from insights.actions import answers as actions
from insights.panels import cards as shown
from insights.rules import rules
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import allowed, may
from revops_site.kernel.queries import sharing

PAGE = "insights/insights.html"
Reader = Any  # somebody: the login is required everywhere


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """The Insights page, whole or the part that was asked for."""
    with sharing():
        return _page(request, {})


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The cards as a file of exactly this filter."""
    made = shown.export(_query(request), allowed(request.user), rules(), kind)
    if made is None:
        raise Http404(f"There are no {kind} files.")
    name, content_type, content = made
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Say of an insight that it is useful, dismiss it, bring it back, or make a task of it."""
    given, reader = request.POST, request.user
    deed: str = given.get("do", "")
    if deed not in {*actions.SAYS, "task"}:
        return HttpResponseBadRequest("There is nothing of that name to do with an insight.")
    who: Reader = reader
    if deed == "task" and not may(who, "work deals"):
        raise PermissionDenied
    query = _query(request)
    with sharing():
        found = shown.one(query, who, rules(), given.get("rule", ""), given.get("subject", ""))
    if found is None:
        raise Http404("There is no such insight, or it is not yours to see.")
    said: dict[str, str] = {}
    try:
        if deed == "task":
            actions.make_task(
                user=who,
                insight=found.insight,
                address=found.lasting_address,
                due=given.get("due", ""),
                at=clock.now(),
            )
        else:
            actions.say(user=who, insight=found.insight, said=actions.SAYS[deed], at=clock.now())
    except actions.RefusedError as why:
        said = {name: given.get(name, "") for name in ("rule", "subject", "due")}
        said["error"] = str(why)
    if said or request.headers.get("HX-Request") == "true":
        made = _page(request, said)
        made.status_code = 422 if said else 200
        return made
    at = reverse("insights:insights")
    return redirect(f"{at}?{query}" if query else at)


def _page(request: HttpRequest, said: dict[str, str]) -> HttpResponse:
    reader: Reader = request.user
    context = shown.page(_query(request), reader, rules(), get_token(request), said)
    return pages.plain(request, PAGE, context, shown.PARTS)


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))
