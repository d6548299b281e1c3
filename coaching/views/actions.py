"""Next best actions over HTTP: the list, what somebody says of one, and the published JSON."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from coaching.actions import marks
from coaching.panels import actions as shown
from coaching.panels import priorities
from pipeline.panels.widgets import contract_words
from revops_site.kernel import clock, pages
from revops_site.kernel.filters import Slice
from revops_site.kernel.permissions import needs
from revops_site.kernel.queries import sharing

WHOLE = "coaching/actions.html"
DEEDS = ("done", "snoozed", "not useful", "taken back")


@pages.shows(lambda request: shown.page())
@require_http_methods(["GET", "HEAD", "POST"])
def actions(request: HttpRequest) -> HttpResponseBase:
    """What is to be done next; a post says of one that it is done, can wait, or is of no use."""
    return _said(request) if request.method == "POST" else _whole(request, shown.Kept())


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The table alone."""
    return pages.panel(request, shown.page(), slug)


@require_safe
def file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The table as a file."""
    return pages.export(request, shown.page(), slug, kind)


@require_safe
def widget(request: HttpRequest) -> HttpResponseBase:
    """The actions by the names and types of the published contract."""
    return pages.widget(request, shown.PAGE, shown.next_best_actions, words=contract_words())


@needs("work deals")
def _said(request: HttpRequest) -> HttpResponseBase:
    given = request.POST
    said = {name: given.get(name, "") for name in ("until", "reason")}
    just = shown.Kept(given.get("deal", ""), given.get("do", ""), **said)
    with sharing():
        slice_ = pages.look(request, shown.PAGE).slice_
        told = _told(slice_, just)
    try:
        _do(request, told, just)
    except marks.RefusedError as why:
        just = shown.Kept(just.deal_id, just.said, just.until, just.reason, str(why))
    if request.headers.get("HX-Request") == "true":
        return _part(request, just)
    if just.error:
        return _whole(request, just)
    back = given.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, None)
    return redirect(f"{back if safe else shown.URL}#actions")


def _told(slice_: Slice, just: shown.Kept) -> marks.Told:
    """The action that the form was of, as the reader is told of it; else there is none."""
    if just.said not in DEEDS:
        raise Http404("There is nothing of that name to say of an action.")
    found = None if "\x00" in just.deal_id else priorities.told(slice_, just.deal_id)
    if found is None:
        raise Http404("There is no such action, or it is not yours to see.")
    cause, score = found
    return marks.Told(just.deal_id, cause, score, slice_.as_of)


def _do(request: HttpRequest, told: marks.Told, just: shown.Kept) -> None:
    known: dict[str, Any] = {"by": request.user, "told": told, "at": clock.now()}
    known["seen"] = request.POST.get("seen", "")
    match just.said:
        case "done":
            marks.done(**known)
        case "snoozed":
            marks.snooze(**known, until=_day(just.until))
        case "not useful":
            marks.refuse(**known, reason=just.reason)
        case _:
            marks.bring_back(**known)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise marks.RefusedError("Choose the day on which you want to be told again.") from None


def _part(request: HttpRequest, just: shown.Kept) -> HttpResponseBase:
    with sharing():
        visit = pages.look(request, shown.PAGE)
        panel = shown.section(
            visit.slice_,
            visit.asked,
            request.user,  # type: ignore[arg-type]
            get_token(request),
            request.POST.get("next", ""),
            first=_first(request),
            just=just,
        )
    return render(request, shown.TEMPLATE, {"panel": panel}, status=422 if just.error else 200)


def _whole(request: HttpRequest, just: shown.Kept) -> HttpResponseBase:
    beside = partial(
        shown.beside,
        user=request.user,  # type: ignore[arg-type]
        token=get_token(request),
        just=just,
    )
    answer = pages.page(request, WHOLE, shown.page(), beside)
    if just.error:
        answer.status_code = 422
    return answer


def _first(request: HttpRequest) -> int:
    text = request.GET.get("first", "")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 10 else 10
