"""HTTP in, HTML out: the inbox of alerts, and each alert with its past."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.actions import alerts as actions
from insights.actions import comments
from insights.actions.alerts import RefusedError
from insights.panels import alerts as shown
from insights.panels.book import EXPLAINED
from insights.queries import alerts as kept
from revops_site.kernel import clock, pages
from revops_site.kernel.queries import sharing

HOME = "insights:alerts"
PREVIEW = "preview"
DEEDS: dict[str, Callable[..., None]] = {
    "pause": actions.pause,
    "resume": actions.resume,
    "end": actions.end,
}
ANSWERS: dict[str, Callable[..., None]] = {
    "acknowledge": actions.acknowledge,
    "resolve": actions.resolve,
}
Reader = Any  # somebody: the login is required everywhere


@require_http_methods(["GET", "HEAD", "POST"])
def alerts(request: HttpRequest) -> HttpResponseBase:
    """The inbox; a post calls all of it read."""
    reader: Reader = request.user
    if request.method == "POST":
        actions.read_all(user=reader, at=clock.now())
        comments.read_all(user=reader, at=clock.now())
        return redirect(HOME)
    return pages.plain(request, "insights/alerts.html", shown.page(reader, EXPLAINED))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """The form of a new alert; a post shows what it would have done, or has it watched."""
    reader: Reader = request.user
    if request.method != "POST":
        given = shown.blank(request.GET.dict(), _query(request))
        return _form(request, given, looks="limit" in request.GET)
    given = shown.blank(request.POST.dict(), request.POST.urlencode())
    if request.POST.get("do") == PREVIEW:
        return _form(request, given, looks=True)
    values, wrong = shown.parsed(given, EXPLAINED)
    try:
        if wrong:
            raise RefusedError(" ".join(wrong))
        actions.make(user=reader, given=values, figures=EXPLAINED, at=clock.now())
    except RefusedError as why:
        return _form(request, given, problems=[str(why)])
    return redirect(HOME)


@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, alert_id: int) -> HttpResponseBase:
    """One's own alert with its past; a post changes, pauses, resumes or ends it."""
    reader: Reader = request.user
    one = kept.own(reader).filter(pk=alert_id).first()
    if one is None:
        raise Http404("There is no such alert, or it is not yours.")
    if request.method != "POST":
        return _form(request, shown.fields_of(one, EXPLAINED), one=one, looks=True)
    deed = request.POST.get("do", "save")
    if deed in DEEDS:
        DEEDS[deed](user=reader, alert_id=alert_id, at=clock.now())
        return redirect(HOME)
    if deed not in {"save", PREVIEW}:
        return HttpResponseBadRequest("There is nothing of that name to do with an alert.")
    given = shown.blank(request.POST.dict(), request.POST.urlencode())
    if deed == PREVIEW:
        return _form(request, given, one=one, looks=True)
    values, wrong = shown.parsed(given, EXPLAINED)
    try:
        if wrong:
            raise RefusedError(" ".join(wrong))
        actions.change(
            user=reader,
            alert_id=alert_id,
            given=values,
            seen=request.POST.get("seen", ""),
            figures=EXPLAINED,
            at=clock.now(),
        )
    except RefusedError as why:
        return _form(request, given, one=one, problems=[str(why)])
    return redirect(HOME)


@require_POST
def firing(request: HttpRequest, firing_id: int) -> HttpResponseBase:
    """Acknowledge or resolve what one was told."""
    deed = ANSWERS.get(request.POST.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest("There is nothing of that name to do with what was told.")
    try:
        deed(user=request.user, firing_id=firing_id, at=clock.now())
    except ObjectDoesNotExist as missing:
        raise Http404("Nothing of the kind was told to you.") from missing
    return redirect(HOME)


def _form(request: HttpRequest, given: shown.Given, **options: Any) -> HttpResponseBase:
    reader: Reader = request.user
    with sharing():
        context = shown.form(reader, given, EXPLAINED, **options)
        answer = pages.plain(request, "insights/alert.html", context)
    answer.status_code = 422 if options.get("problems") else 200
    return answer


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))
