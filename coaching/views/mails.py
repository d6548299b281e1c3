"""Follow-up mails: to be read, changed, approved, and decided on; and the way to get no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coaching.actions import drafting
from coaching.actions import mails as actions
from coaching.panels import mails as shown
from pipeline.actions.work import ConflictError, RefusedError
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing

LIST = "coaching/mails.html"
ONE = "coaching/mail.html"
STOP = "coaching/mail_stop.html"
NONE = "There is no such mail or deal, or it is not yours to see."
MOST_AT_ONCE = 100


@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponseBase:
    """The follow-ups of a state; a post drafts some, or approves several."""
    if request.method != "POST":
        nth = request.GET.get("page", "")
        at = int(nth) if nth.isascii() and nth.isdigit() and len(nth) < 7 else 1
        with sharing():
            context = shown.page(request.user, request.GET.get("show", ""), at)
            return pages.plain(request, LIST, context)
    _insist_on_work(request)
    try:
        return _do_with_all(request) or redirect("coaching:mails")
    except RefusedError as why:
        messages.error(request, str(why))
        return redirect("coaching:mails")


@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest, mail_id: int) -> HttpResponseBase:
    """One follow-up; ``do`` of a post says what is done with it."""
    if request.method != "POST":
        return _page(request, mail_id, None)
    _insist_on_work(request)
    given = request.POST.dict()
    try:
        found = _do(request, mail_id, given)
    except RefusedError as why:
        said = {**given, "error": str(why), "is_conflict": isinstance(why, ConflictError)}
        answer = _page(request, mail_id, said)
        answer.status_code = 422
        return answer
    except KeyError:
        return HttpResponseBadRequest("There is nothing of that name to do with a mail.")
    if found is None:
        raise Http404(NONE)
    return redirect("coaching:mail", mail_id)


@require_safe
def told(request: HttpRequest) -> HttpResponseBase:
    """The follow-ups that are not at their end, as JSON."""
    return pages.as_json(shown.followups(request.user))


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asks the recipient of a mail whether it was the last one; a post makes it so.

    It is posted to by mail programs too, which know no cookies (RFC 8058): the link is the proof.
    """
    context = shown.stop_page(token)
    if context is None:
        raise Http404("This link is none of ours.")
    if request.method == "POST":
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        actions.stop(token=token, one_click=one_click, at=clock.now())
        context = {**context, "stopped": True}
    answer = render(request, STOP, context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _do_with_all(request: HttpRequest) -> HttpResponseBase | None:
    """The answer, where it is another than the list."""
    given, known = request.POST, {"by": request.user, "at": clock.now()}
    match given.get("do", ""):
        case "draft":
            made = drafting.one(**known, deal_id=given.get("deal", ""))  # type: ignore[arg-type]
            if made is None:
                raise Http404(NONE)
            return redirect("coaching:mail", made.pk)
        case "draft all":
            count = drafting.waiting(**known)  # type: ignore[arg-type]
            many = "1 mail was" if count == 1 else f"{count:,} mails were"
            messages.info(request, f"{many} drafted.")
        case "approve":
            _approve_several(request)
        case _:
            return HttpResponseBadRequest("There is nothing of that name to do with mails.")
    return None


def _do(request: HttpRequest, mail_id: int, given: Mapping[str, str]) -> Any:
    """The mail afterwards, None of no such; KeyError where there is nothing of that name to do."""
    known: dict[str, Any] = {"by": request.user, "mail_id": mail_id, "at": clock.now()}
    known["seen"] = given.get("seen", "")
    match given.get("do", ""):
        case "save":
            return actions.change(**known, given=given)
        case "save and approve":
            kept = actions.change(**known, given=given)
            return kept and actions.approve(**{**known, "seen": str(kept.version)})
        case "send back":
            return actions.send_back(**known)
        case "discard":
            return actions.discard(**known, why=given.get("why", ""))
        case "decide":
            return actions.decide(**known, what=given.get("what", ""))
    raise KeyError(given.get("do", ""))


def _approve_several(request: HttpRequest) -> None:
    """Those that were chosen, each as it was seen; of what cannot be approved, why."""
    approved, why = 0, ""
    for chosen in request.POST.getlist("mail")[:MOST_AT_ONCE]:
        key, _, seen = chosen.partition(":")
        if not (key.isascii() and key.isdigit() and len(key) < 19):
            continue
        known: dict[str, Any] = {"by": request.user, "at": clock.now()}
        try:
            approved += actions.approve(**known, mail_id=int(key), seen=seen) is not None
        except RefusedError as error:
            why = str(error)
    says = f"{approved:,} approved: sent as soon as the worker comes to it."
    messages.info(request, says if approved else "None was approved: choose some first.")
    if why:
        messages.warning(request, f"Some were not: {why}")


def _insist_on_work(request: HttpRequest) -> None:
    if not may(request.user, "work deals"):
        raise PermissionDenied


def _page(request: HttpRequest, mail_id: int, said: Mapping[str, Any] | None) -> HttpResponse:
    with sharing():
        context = shown.one_page(request.user, mail_id, said)
        if context is None:
            raise Http404(NONE)
        return pages.plain(request, ONE, context)
