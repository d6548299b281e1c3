"""A deal's flags, and which of them nobody wants to be told of for a while."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from pipeline.actions import flags as of_flags
from pipeline.panels.health import flags as shown
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import may


@require_http_methods(["GET", "HEAD", "POST"])
def flags(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """The flags of a deal; a post mutes one of them, or takes that back."""
    if request.method != "POST":
        return _flags(request, deal_id)
    if not may(request.user, "call forecast"):
        raise PermissionDenied
    given = request.POST
    said = {name: given.get(name, "") for name in ("flag", "reason", "until")}
    known: dict[str, Any] = {"by": request.user, "deal_id": deal_id, "at": clock.now()}
    known["flag"] = said["flag"]
    try:
        if given.get("do") == "take back":
            of_flags.take_back(**known, seen=given.get("seen", ""))
        else:
            until = _day(said["until"])
            of_flags.mute(**known, reason=said["reason"], until=until, seen=given.get("seen", ""))
    except of_flags.RefusedError as why:
        answer = _flags(request, deal_id, {**said, "error": str(why)})
        answer.status_code = 422
        return answer
    if request.headers.get("HX-Request") == "true":
        return _flags(request, deal_id)
    return redirect("pipeline:flags", deal_id)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise of_flags.RefusedError("Until when: give a day, or none.") from error


def _flags(
    request: HttpRequest, deal_id: str, said: Mapping[str, str] | None = None
) -> HttpResponseBase:
    context = shown.page(deal_id, request.user, said or {})
    if context is None:
        raise Http404("There is no such deal, or it is not yours to see.")
    return pages.plain(request, "pipeline/flags.html", context, shown.PARTS)
