"""1:1s: started, written, closed by those two whose they are; nobody else finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from coaching.actions import commitments as promises
from coaching.actions import meetings as actions
from coaching.panels.meetings import page as shown
from coaching.queries import meetings as queries
from coaching.queries.people import Person, person
from pipeline.actions.work import RefusedError
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import allowed, needs
from revops_site.kernel.queries import sharing

TEMPLATE = "coaching/one_on_one.html"
STATE, LIST = "coaching/_notes_state.html", "coaching/_commitments_saved.html"
LONGEST_KEY = 19  # digits: more are no row of a table
Said = Mapping[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@needs("attend 1:1s")
def current(request: HttpRequest, rep_id: str) -> HttpResponseBase:
    """The 1:1 that is open, else what it would be about; a post of the manager starts it."""
    whose = _whose(request, rep_id)
    if request.method != "POST":
        return _page(request, whose, shown.current(request.user, rep_id), {})
    if request.POST.get("do") != "start":
        return HttpResponseBadRequest("There is nothing of that name to do with 1:1s.")
    with sharing():
        since = shown.begins_after(request.user, whose)
    made = actions.start(by=_by(request), rep_id=rep_id, since=since, at=clock.now())
    if made is None:
        raise Http404(shown.NONE)
    return redirect(shown.address(rep_id))


@require_http_methods(["GET", "HEAD", "POST"])
@needs("attend 1:1s")
def meeting(request: HttpRequest, rep_id: str, meeting_id: int) -> HttpResponseBase:
    """A 1:1 of now or before; a post writes its notes, settles commitments, or closes it."""
    whose = _whose(request, rep_id)
    one = _found(request, rep_id, meeting_id)
    if request.method != "POST":
        return _page(request, whose, one, {})
    given = request.POST.dict()
    try:
        return _do(request, whose, one, given)
    except RefusedError as why:
        is_conflict = isinstance(why, actions.NotesConflictError)
        said = {**given, "error": str(why), "is_conflict": is_conflict}
        return _refused(request, whose, _found(request, rep_id, meeting_id), said)


@require_POST
@needs("attend 1:1s")
def commitment(request: HttpRequest, commitment_id: int) -> HttpResponseBase:
    """Settle what somebody committed to, from wherever it is shown."""
    given = request.POST
    found = queries.commitments(_by(request)).filter(pk=commitment_id).first()
    if found is None:
        raise Http404("There is no such commitment, or it is not yours to see.")
    rep_id = found.meeting.rep_id
    try:
        promises.settle(
            by=_by(request),
            commitment_id=commitment_id,
            do=given.get("do", ""),
            seen=given.get("seen", ""),
            due=given.get("due", ""),
            at=clock.now(),
        )
    except RefusedError as why:
        one = _found(request, rep_id, found.meeting_id)
        return _page(request, _whose(request, rep_id), one, {"wrong": str(why)}, 422)
    back = given.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, None) else shown.address(rep_id))


def _do(
    request: HttpRequest, whose: Person, one: queries.Meeting, given: Mapping[str, str]
) -> HttpResponseBase:
    """Do what was asked for; RefusedError says what is in the way."""
    known: dict[str, Any] = {"by": _by(request), "meeting_id": one.pk}
    do, _, of = given.get("do", "").partition(":")
    here = shown.address(whose.rep_id, one.pk)
    match do:
        case "jot":
            actions.jot(**known, given=given, at=clock.now())
            return _fragment(request, whose, one.pk, STATE, {})
        case "save":
            actions.write(**known, given=given, at=clock.now())
            return _saved(request, whose, one.pk, {"is_new": bool(given.get("what", "").strip())})
        case "keep mine" | "keep both":
            actions.write(**known, given=_over(do, given), at=clock.now(), mine=do == "keep both")
            return _go(request, here)
        case "close":
            with sharing():
                reached = shown.newest(request.user, whose.rep_id).as_of
            actions.close(**known, given=given, reached=reached, at=clock.now())
            return _go(request, here)
        case "reopen":
            actions.reopen(**known)
            return _go(request, here)
        case _ if of.isdecimal() and len(of) < LONGEST_KEY:
            return _settled(request, whose, one, given, do, int(of))
        case _:
            return HttpResponseBadRequest("There is nothing of that name to do with a 1:1.")


def _over(do: str, given: Mapping[str, str]) -> Mapping[str, str]:
    """What was typed, over the version that its writer was shown beside it."""
    return {**given, "seen": given.get("now", "")} if do == "keep mine" else given


def _settled(
    request: HttpRequest,
    whose: Person,
    one: queries.Meeting,
    given: Mapping[str, str],
    do: str,
    commitment_id: int,
) -> HttpResponseBase:
    """A commitment is settled by the form of its 1:1, whose notes are kept first."""
    by = _by(request)
    actions.jot(by=by, meeting_id=one.pk, given=given, at=clock.now())
    if commitment_id not in {found.pk for found in queries.of_meeting(one)}:
        raise Http404(shown.NONE)
    typed = {name: given.get(name, "") for name in ("what", "whose", "due")}
    try:
        promises.settle(
            by=by,
            commitment_id=commitment_id,
            do=do,
            seen=given.get(f"seen-{commitment_id}", ""),
            due=given.get(f"due-{commitment_id}", ""),
            at=clock.now(),
        )
    except RefusedError as why:
        return _saved(request, whose, one.pk, {**typed, "wrong": str(why)}, 422)
    return _saved(request, whose, one.pk, typed if typed["what"].strip() else {})


def _saved(
    request: HttpRequest, whose: Person, meeting_id: int, said: Said, status: int = 200
) -> HttpResponseBase:
    """The list of commitments with the state of the notes, or back to the page."""
    if request.headers.get("HX-Request") == "true":
        return _fragment(request, whose, meeting_id, LIST, said, status)
    if said.get("wrong") or said.get("what"):  # what was typed and is not kept yet stays
        one = _found(request, whose.rep_id, meeting_id)
        return _page(request, whose, one, said, status)
    return redirect(f"{shown.address(whose.rep_id, meeting_id)}#commitments")


def _refused(
    request: HttpRequest, whose: Person, one: queries.Meeting, said: Said
) -> HttpResponseBase:
    """Why nothing was kept, beside all that was typed."""
    if request.headers.get("HX-Request") != "true":
        return _page(request, whose, one, said, 422)
    answer = _fragment(request, whose, one.pk, STATE, said, 422)
    answer["HX-Retarget"] = "#notes-state"
    answer["HX-Reswap"] = "outerHTML"
    return answer


def _fragment(
    request: HttpRequest,
    whose: Person,
    meeting_id: int,
    template: str,
    said: Said,
    status: int = 200,
) -> HttpResponseBase:
    with sharing():
        one = _found(request, whose.rep_id, meeting_id)
        drawn = shown.drawn(request.user, whose, one, said, get_token(request))
        return render(request, template, {"meeting": drawn}, status=status)


def _page(
    request: HttpRequest,
    whose: Person,
    one: queries.Meeting | None,
    said: Said,
    status: int = 200,
) -> HttpResponseBase:
    with sharing():
        context = shown.page(request.user, whose, one, said, get_token(request))
        answer = pages.plain(request, TEMPLATE, context)
    answer.status_code = status
    return answer


def _go(request: HttpRequest, url: str) -> HttpResponseBase:
    """To a page as a whole, whoever asks."""
    if request.headers.get("HX-Request") != "true":
        return redirect(url)
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def _whose(request: HttpRequest, rep_id: str) -> Person:
    found = person(rep_id, allowed(request.user))
    if found is None:
        raise Http404(shown.NONE)
    return found


def _found(request: HttpRequest, rep_id: str, meeting_id: int) -> queries.Meeting:
    one = queries.seen(_by(request)).filter(pk=meeting_id, rep=rep_id).first()
    if one is None:
        raise Http404(shown.NONE)
    return one


def _by(request: HttpRequest) -> Any:
    """Who is signed in; those who are not never come here."""
    return request.user
