"""Tasks: one's own, those of a deal or an account; to be given, changed and done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from pipeline.actions import tasks as actions
from pipeline.actions import work
from pipeline.panels import tasks as shown
from pipeline.queries import tasks as queries
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing

NONE = "There is no such task, deal or account, or it is not yours to see."
Subject = queries.Subject


@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: HttpRequest) -> HttpResponseBase:
    """One's own tasks; a post gives one on a deal or an account."""
    if request.method != "POST":
        with sharing():
            context = shown.page(request.user, request.GET.get("show", ""))
            return pages.plain(request, "pipeline/tasks.html", context)
    _insist_on_work(request)
    given = request.POST.dict()
    of = _subject(request, given.get("deal", ""), given.get("account", ""))
    try:
        actions.add(by=request.user, of=of, given=given, at=clock.now())  # type: ignore[arg-type]
    except work.RefusedError as why:
        return _section(request, of, {**given, "task": "", "error": str(why)}, 422)
    return _done(request, of)


@require_POST
def task(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Change a task, mark it done or open it again."""
    _insist_on_work(request)
    given = request.POST.dict()
    known: dict[str, Any] = {"by": request.user, "task_id": task_id, "at": clock.now()}
    known["seen"] = given.get("seen", "")
    found = queries.seen(request.user).filter(pk=task_id).first()  # type: ignore[arg-type]
    if found is None:
        raise Http404(NONE)
    of = Subject() if found.about else _subject(request, found.deal_id, found.account_id)
    if found.about and given.get("do") == "save":
        return HttpResponseBadRequest("A task about an insight is done, or opened again.")
    try:
        match given.get("do", ""):
            case "save":
                actions.change(**known, given=given)
            case "done" | "open" as do:
                actions.finish(**known, is_done=do == "done")
            case _:
                return HttpResponseBadRequest("There is nothing of that name to do with a task.")
    except work.RefusedError as why:
        is_conflict = isinstance(why, work.ConflictError)
        if found.about:
            return redirect("/tasks/")
        said = {**given, "task": str(task_id), "error": str(why), "is_conflict": is_conflict}
        return _section(request, of, said, 422)
    return _done(request, of)


def _insist_on_work(request: HttpRequest) -> None:
    if not may(request.user, "work deals"):
        raise PermissionDenied


def _subject(request: HttpRequest, deal_id: str, account_id: str) -> Subject:
    found = queries.subject(deal_id, account_id, request.user)  # type: ignore[arg-type]
    if found is None:
        raise Http404(NONE)
    return found


def _done(request: HttpRequest, of: Subject) -> HttpResponseBase:
    """Back to where the form stood, or the part of it that was asked for."""
    if request.headers.get("HX-Target") == "tasks":
        return _section(request, of, {}, 200)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, None)
    return redirect(f"{back}#tasks" if safe and back != "/tasks/" else "/tasks/")


def _section(
    request: HttpRequest, of: Subject, said: Mapping[str, Any], status: int
) -> HttpResponseBase:
    back = request.POST.get("next", "")
    with sharing():
        panel = shown.section(of, request.user, back, get_token(request), said)
        context = {"title": f"Tasks: {of.name}", "panel": panel}
        answer = pages.plain(request, "pipeline/tasks_of.html", context, shown.PARTS)
    answer.status_code = status
    return answer
