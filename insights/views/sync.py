"""HTTP in, HTML out: how syncs stand, and that one is wanted now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from insights.actions import syncs as actions
from insights.catalog import SOURCES, syncing
from insights.panels import syncs as shown
from insights.queries.syncs import standings
from revops_site.kernel import clock, pages
from revops_site.kernel.middleware import unnoted
from revops_site.kernel.permissions import may, needs, sees_all

INDICATOR = "insights/_sync.html"
POLLING_IS_OVER = 286
CODES = {"unknown_entity": 404, "not_connected": 409, "sync_in_progress": 409, "too_soon": 429}


@require_http_methods(["GET", "HEAD", "POST"])
def sync(request: HttpRequest) -> HttpResponseBase:
    """What was read and when; a post asks for a sync."""
    if request.method != "POST":
        return _page(request)
    return _asked(request)


@require_safe
@unnoted
def state(request: HttpRequest) -> HttpResponse:
    """The header's part, for a page that asks until there is nothing more to wait for."""
    if request.headers.get("HX-Request") != "true":
        return redirect("insights:sync")
    found = syncing(request)
    answer = render(request, INDICATOR, {"sync": found})
    if not found.get("busy"):
        answer.status_code = POLLING_IS_OVER
    return answer


@needs("sync now")
def _asked(request: HttpRequest) -> HttpResponse:
    try:
        _ask(request)
    except actions.RefusedError as why:
        answer = _page(request, str(why))
        answer.status_code = CODES[why.word]
        return answer
    return redirect("insights:sync")


def _page(request: HttpRequest, said: str = "") -> HttpResponse:
    context: dict[str, Any] = shown.page(
        reverse("insights:sync"),
        standings(SOURCES),
        counts=sees_all(request.user),
        may_ask=may(request.user, "sync now"),
        set_up=_set_up() if may(request.user, "connect sources") else {},
        said=said,
    )
    return pages.plain(request, "insights/sync.html", context)


def _set_up() -> dict[str, str]:
    return {one.name: reverse("insights:source", args=[one.name]) for one in SOURCES}


def _ask(request: HttpRequest, entity: str = "") -> None:
    actions.ask(SOURCES, user=request.user, at=clock.now(), entity=entity)  # type: ignore[arg-type]
