"""HTTP in, HTML out: an outside system is connected, tried, mapped, and tells of changes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from insights.actions import connecting as actions
from insights.catalog import SOURCES
from insights.panels import connecting as shown
from revops_site.kernel import audit, clock, pages
from revops_site.kernel.middleware import unnoted
from revops_site.kernel.permissions import needs
from revops_site.kernel.sources import Source

STATE = "insights/_trial.html"
POLLING_IS_OVER = 286
MOST_BYTES = 256 * 1024
MINUTE = 60
MOST_WRONG, MOST_RIGHT = 20, 300  # messages a minute: of strangers by address, of a source


@sensitive_post_parameters("token")
@require_http_methods(["GET", "HEAD", "POST"])
@needs("connect sources")
def source(request: HttpRequest, name: str) -> HttpResponseBase:
    """The page of a source; a post does with it what was asked."""
    one = _named(name)
    if request.method != "POST":
        return _page(request, one)
    deed = DEEDS.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest("There is nothing of that name to do with a source.")
    try:
        secret = deed(request, one)
    except actions.RefusedError as why:
        is_old = isinstance(why, actions.ConflictError)
        given = {} if is_old else request.POST.dict()
        answer = _page(request, one, given=given, problems=why.problems)
        answer.status_code = 409 if is_old else 422
        return answer
    if secret:
        return _page(request, one, secret=secret)
    return redirect("insights:source", name)


@require_safe
@needs("connect sources")
@unnoted
def state(request: HttpRequest, name: str) -> HttpResponse:
    """What becomes of a trial, for a page that asks until there is nothing more to wait for."""
    context = shown.state(_named(name))
    if request.headers.get("HX-Request") != "true":
        return redirect("insights:source", name)
    answer = render(request, STATE, context)
    if not (context["trial"] or {}).get("busy"):
        answer.status_code = POLLING_IS_OVER
        answer["HX-Refresh"] = "true"  # what can be mapped is known only now
    return answer


@csrf_exempt
@login_not_required
@require_POST
@unnoted
def hook(request: HttpRequest, name: str) -> HttpResponse:
    """A source's word that something changed; who has no password of it is told nothing."""
    who = audit.address(request) or "unknown"
    if _is_too_much(f"hook-wrong:{who}", MOST_WRONG, adds=False):
        return HttpResponse(status=429, headers={"Retry-After": str(MINUTE)})
    one = next((one for one in SOURCES if one.name == name), None)
    if not actions.is_known(name, *_credentials(request)) or one is None:
        _is_too_much(f"hook-wrong:{who}", MOST_WRONG)
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="webhooks"'})
    if _is_too_much(f"hook:{name}", MOST_RIGHT):
        return HttpResponse(status=429, headers={"Retry-After": str(MINUTE)})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return HttpResponse(status=413)
    actions.hint(one, request.read(MOST_BYTES), clock.now())
    return HttpResponse(status=200)


def _page(request: HttpRequest, one: Source, **said: Any) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    return pages.plain(request, "insights/source.html", shown.page(one, origin=origin, **said))


def _named(name: str) -> Source:
    found = next((one for one in SOURCES if one.name == name), None)
    if found is None:
        raise Http404
    return found


def _credentials(request: HttpRequest) -> tuple[str, str]:
    """Name and password of basic authentication; empty where there are none."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return "", ""
    try:
        name, _, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password


def _is_too_much(key: str, most: int, *, adds: bool = True) -> bool:
    """Whether this came more often than it may within a minute, in this process."""
    if not adds:
        return int(cache.get(key, 0)) >= most
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key) > most
    except ValueError:  # it ended just now
        return False


def _said(request: HttpRequest) -> dict[str, Any]:
    return {
        "seen": request.POST.get("version", ""),
        "user": request.user,
        "at": clock.now(),
    }


def _connect(request: HttpRequest, one: Source) -> None:
    actions.connect(one, request.POST.dict(), **_said(request))
    _try(request, one, "test")


def _try(request: HttpRequest, one: Source, kind: str) -> None:
    actions.ask(one, kind, user=request.user, at=clock.now())  # type: ignore[arg-type]


def _enable(request: HttpRequest, one: Source) -> None:
    actions.enable(one, **_said(request))


def _pause(request: HttpRequest, one: Source) -> None:
    actions.pause(one, **_said(request))


def _disconnect(request: HttpRequest, one: Source) -> None:
    actions.disconnect(one, sure=bool(request.POST.get("sure")), **_said(request))


def _choose(request: HttpRequest, one: Source, what: str) -> None:
    actions.choose(one, what, request.POST.dict(), **_said(request))


def _hook(request: HttpRequest, one: Source) -> str:
    return actions.make(one, user=request.user, at=clock.now())  # type: ignore[arg-type]


def _unhook(request: HttpRequest, one: Source) -> None:
    actions.drop(one, user=request.user)  # type: ignore[arg-type]


DEEDS: dict[str, Callable[[HttpRequest, Source], str | None]] = {
    "connect": _connect,
    "test": partial(_try, kind="test"),
    "dry": partial(_try, kind="dry"),
    "enable": _enable,
    "pause": _pause,
    "disconnect": _disconnect,
    **{what: partial(_choose, what=what) for what in ("stages", "pipelines", "users", "fields")},
    "currency": partial(_choose, what="currency"),
    "hook": _hook,
    "unhook": _unhook,
}
