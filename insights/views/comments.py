"""HTTP in, HTML out: the talks at a panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.actions import comments as actions
from insights.actions.comments import ConflictError, RefusedError
from insights.panels import comments as shown
from insights.panels.comments import Place
from revops_site.kernel import clock, pages

GONE = "There is no such panel, or no such talk, for you."
Reader = Any  # somebody: the login is required everywhere


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest) -> HttpResponseBase:
    """The talks at a panel under some filters; a post begins one."""
    reader: Reader = request.user
    of = _place(request)
    if request.method != "POST":
        return _page(request, of)
    text = request.POST.get("text", "")
    begin = partial(
        actions.begin,
        user=reader,
        address=of.page.address,
        panel=of.panel.slug,
        query=of.query,
        text=text,
        reach=request.POST.get("reach", ""),
        at=clock.now(),
    )
    return _done(request, of, begin, typed=text)


@require_POST
def thread(request: HttpRequest, thread_id: int) -> HttpResponseBase:
    """Answer in a talk, resolve it, open it again."""
    reader: Reader = request.user
    text = request.POST.get("text", "")
    now: dict[str, Any] = {"user": reader, "thread_id": thread_id, "at": clock.now()}
    deeds: dict[str, Callable[[], Any]] = {
        "reply": partial(actions.reply, **now, text=text),
        "resolve": partial(actions.resolve, **now, is_resolved=True),
        "reopen": partial(actions.resolve, **now, is_resolved=False),
    }
    return _one(request, deeds, typed=text, thread_id=thread_id)


@require_POST
def comment(request: HttpRequest, comment_id: int) -> HttpResponseBase:
    """Change or take back what one said."""
    reader: Reader = request.user
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    now: dict[str, Any] = {"user": reader, "comment_id": comment_id, "at": clock.now()}
    deeds: dict[str, Callable[[], Any]] = {
        "save": partial(actions.change, **now, text=text, seen=seen),
        "delete": partial(actions.delete, **now),
    }
    return _one(request, deeds, typed=text, comment_id=comment_id)


def _one(
    request: HttpRequest, deeds: dict[str, Callable[[], Any]], **said: Any
) -> HttpResponseBase:
    deed = deeds.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest("There is nothing of that name to do with a comment.")
    return _done(request, _place(request), deed, **said)


def _done(
    request: HttpRequest, of: Place, deed: Callable[[], Any], **said: Any
) -> HttpResponseBase:
    """The talks after it was done; what cannot be done is said where it was typed."""
    try:
        deed()
    except ObjectDoesNotExist as missing:
        raise Http404(GONE) from missing
    except RefusedError as why:
        status = 409 if isinstance(why, ConflictError) else 422
        return _page(request, of, {"problem": str(why), **said}, status)
    return redirect(of.url)


def _place(request: HttpRequest) -> Place:
    reader: Reader = request.user
    given = request.POST if request.method == "POST" else request.GET
    found = shown.place(reader, given.get("at", ""), given.get("panel", ""))
    if found is None:
        raise Http404(GONE)
    return found


def _page(
    request: HttpRequest, of: Place, said: dict[str, Any] | None = None, status: int = 200
) -> HttpResponseBase:
    reader: Reader = request.user
    context = shown.page(reader, of, actions.reaches(reader), said)
    answer = pages.plain(request, "insights/comments.html", context)
    answer.status_code = status
    return answer
