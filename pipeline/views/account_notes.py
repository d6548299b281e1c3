"""What is written on an account: notes, to be added, changed, pinned and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pipeline.actions import account_notes as actions
from pipeline.actions import work
from pipeline.panels import notes as shown
from pipeline.queries import tasks
from pipeline.queries.tasks import Subject
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing

NONE = "There is no such account, or it is not yours to see."


@require_POST
def notes(request: HttpRequest) -> HttpResponseBase:
    """Write on an account that one sees: ``do`` says what."""
    if not may(request.user, "work deals"):
        raise PermissionDenied
    given = request.POST.dict()
    of = tasks.subject("", given.get("account", ""), request.user)  # type: ignore[arg-type]
    if of is None:
        raise Http404(NONE)
    try:
        is_known = _do(request, given, of)
    except work.RefusedError as why:
        is_conflict = isinstance(why, work.ConflictError)
        return _section(request, of, {**given, "error": str(why), "is_conflict": is_conflict}, 422)
    if not is_known:
        return HttpResponseBadRequest("There is nothing of that name to do with a note.")
    if request.headers.get("HX-Target") == shown.OF_ACCOUNT:
        return _section(request, of, {}, 200)
    back = given.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, None)
    return redirect(f"{back}#{shown.OF_ACCOUNT}" if safe else "/")


def _do(request: HttpRequest, given: Mapping[str, str], of: Subject) -> bool:
    """Whether there was something of that name to do."""
    known: dict[str, Any] = {"by": request.user, "account_id": of.account_id, "at": clock.now()}
    which: dict[str, Any] = {"note_id": given.get("note", ""), "seen": given.get("seen", "")}
    match given.get("do", ""):
        case "add note":
            actions.add(**known, body=given.get("body", ""))
        case "change note":
            actions.change(**known, **which, body=given.get("body", ""))
        case "delete note":
            actions.delete(**known, **which)
        case "pin note" | "unpin note" as do:
            review = given.get("review", "")
            actions.pin(**known, **which, is_pinned=do == "pin note", review=review)
        case _:
            return False
    return True


def _section(
    request: HttpRequest, of: Subject, said: Mapping[str, Any], status: int
) -> HttpResponseBase:
    back = request.POST.get("next", "")
    here = back if url_has_allowed_host_and_scheme(back, None) else "/"
    with sharing():
        panel = shown.of_account(of.account_id, request.user, here, get_token(request), said)
        context = {"title": f"Notes: {of.name}", "panel": {**panel, "width": "col-12"}}
        answer = pages.plain(request, "pipeline/notes_of.html", context, shown.PARTS)
    answer.status_code = status
    return answer
