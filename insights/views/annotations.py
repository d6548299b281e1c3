"""HTTP in, HTML out: what people write at days, and the form of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from insights.actions import annotations as actions
from insights.actions.annotations import ConflictError, Given, RefusedError
from insights.panels import annotations as shown
from insights.panels.annotations import Typed
from insights.queries import annotations as kept
from revops_site.kernel import clock, pages

HOME = "insights:annotations"
GONE = "There is no such annotation, or it is not yours to change."
Reader = Any  # somebody: the login is required everywhere


@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """The list; after a deletion with the way back."""
    reader: Reader = request.user
    asked, taken = request.GET.get("deleted", ""), None
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        try:
            taken = kept.deleted(reader, int(asked))
        except ObjectDoesNotExist:
            taken = None
    return pages.plain(request, "insights/annotations.html", shown.page(reader, taken))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponseBase:
    """The form of a new one; a post keeps it."""
    reader: Reader = request.user
    if request.method != "POST":
        return _form(request, Typed.of(request.GET.dict()))
    given = Typed.of(request.POST.dict())
    try:
        actions.write(user=reader, given=_read(given), at=clock.now())
    except RefusedError as why:
        return _form(request, given, problem=str(why))
    return redirect(HOME)


@require_http_methods(["GET", "HEAD", "POST"])
def annotation(request: HttpRequest, annotation_id: int) -> HttpResponseBase:
    """One that the reader may change; a post changes it, deletes it or brings it back."""
    reader: Reader = request.user
    try:
        return _changed(request, reader, annotation_id)
    except ObjectDoesNotExist as missing:
        raise Http404(GONE) from missing


def _changed(request: HttpRequest, reader: Reader, annotation_id: int) -> HttpResponseBase:
    deed, at = request.POST.get("do", "save"), clock.now()
    if request.method == "POST" and deed == "restore":
        actions.restore(user=reader, annotation_id=annotation_id, at=at)
        return redirect(HOME)
    row = kept.changeable(reader, annotation_id)
    if request.method != "POST":
        return _form(request, shown.typed(row), row=row)
    if deed == "delete":
        actions.delete(user=reader, annotation_id=annotation_id, at=at)
        return redirect(f"{reverse(HOME)}?deleted={annotation_id}")
    given, seen = Typed.of(request.POST.dict()), request.POST.get("seen", "")
    try:
        actions.change(
            user=reader, annotation_id=annotation_id, given=_read(given), seen=seen, at=at
        )
    except ConflictError as why:
        newest = kept.changeable(reader, annotation_id)
        return _form(request, given, row=newest, problem=str(why), status=409)
    except RefusedError as why:
        return _form(request, given, row=row, problem=str(why))
    return redirect(HOME)


def _form(
    request: HttpRequest, given: Typed, *, status: int = 422, **options: Any
) -> HttpResponseBase:
    reader: Reader = request.user
    context = shown.form(given, actions.reaches(reader), **options)
    answer = pages.plain(request, "insights/annotation.html", context)
    answer.status_code = status if options.get("problem") else 200
    return answer


def _read(given: Typed) -> Given:
    start = _day(given.start, "Give the day as a date such as 2026-05-12.")
    if start is None:
        raise RefusedError("Give the day.")
    end = _day(given.end, "Give the last day as a date such as 2026-05-19, or none.")
    return Given(start, end, given.text, given.domain, given.reach)


def _day(text: str, wrong: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as why:
        raise RefusedError(wrong) from why
