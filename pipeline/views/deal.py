"""One deal's page, and what is written on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from pipeline.actions import notes, readings, steps, work
from pipeline.panels import deal as shown
from pipeline.sources import SOURCES
from revops_site.kernel import clock, pages, sync
from revops_site.kernel.permissions import may
from revops_site.kernel.queries import sharing

TEMPLATE = "pipeline/deal.html"
GONE = "pipeline/deal_gone.html"
# What once had its word after the id; a deal that is called so comes first.
MOVED = {"flags": "pipeline:flags", "category": "pipeline:category"}
Given = Mapping[str, str]
Do = Callable[..., object]


def _plan(given: Given, **known: Any) -> None:
    typed: dict[str, Any] = {name: given.get(name, "") for name in ("kind", "text", "due", "seen")}
    steps.plan(**known, **typed)


def _done(given: Given, **known: Any) -> None:
    steps.done(**known, seen=given.get("seen", ""))


def _take_back(given: Given, **known: Any) -> None:
    steps.take_back(**known, seen=given.get("seen", ""))


def _add_note(given: Given, **known: Any) -> None:
    notes.add(**known, body=given.get("body", ""))


def _change_note(given: Given, **known: Any) -> None:
    typed: dict[str, Any] = {"note_id": given.get("note", ""), "seen": given.get("seen", "")}
    notes.change(**known, **typed, body=given.get("body", ""))


def _delete_note(given: Given, **known: Any) -> None:
    notes.delete(**known, note_id=given.get("note", ""), seen=given.get("seen", ""))


def _pin_note(given: Given, **known: Any) -> None:
    pinned = given.get("do") == "pin note"
    review = given.get("review", "")
    typed: dict[str, Any] = {"note_id": given.get("note", ""), "seen": given.get("seen", "")}
    notes.pin(**known, **typed, is_pinned=pinned, review=review)


DOES: Mapping[str, tuple[str, Do]] = {
    "plan": ("next", _plan),
    "done": ("next", _done),
    "take back": ("next", _take_back),
    "add note": ("notes", _add_note),
    "change note": ("notes", _change_note),
    "delete note": ("notes", _delete_note),
    "pin note": ("notes", _pin_note),
    "unpin note": ("notes", _pin_note),
}


@require_safe
def told(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """All that is known of a deal, by the names of the published contract."""
    with sharing():
        found = shown.contract(deal_id, request.user)
        if found is None:
            raise Http404(shown.NONE)
        return pages.as_json(found)


@require_http_methods(["GET", "HEAD", "POST"])
def deal(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """A deal with all that is known of it; whoever may not see it finds no such page.

    One that was deleted says since when. A post writes on a deal: its next step, or a note.
    """
    if request.method != "POST":
        with sharing():
            try:
                answer = _drawn(request, deal_id, {})
            except Http404:
                return _elsewhere(request, deal_id)
            for source in SOURCES:
                sync.refresh_notes(source.name, deal_id)
            readings.ask_for(deal_id)
        return answer
    if not may(request.user, "work deals"):
        raise PermissionDenied
    if not shown.is_seen(deal_id, request.user):
        raise Http404(shown.NONE)
    given = request.POST.dict()
    about, do = DOES.get(given.get("do", ""), ("", None))
    if do is None:
        return HttpResponseBadRequest("There is nothing of that name to do with a deal.")
    try:
        do(given, by=request.user, deal_id=deal_id, at=clock.now())
    except work.RefusedError as why:
        is_conflict = isinstance(why, work.ConflictError)
        said = {**given, "about": about, "error": str(why), "is_conflict": is_conflict}
        answer = _page(request, deal_id, said)
        answer.status_code = 422
        return answer
    if request.headers.get("HX-Request") == "true":
        return _page(request, deal_id, {})
    return redirect(f"{request.get_full_path()}#deal-{about}")


def _page(request: HttpRequest, deal_id: str, said: Mapping[str, Any]) -> HttpResponseBase:
    with sharing():
        return _drawn(request, deal_id, said)


def _drawn(request: HttpRequest, deal_id: str, said: Mapping[str, Any]) -> HttpResponseBase:
    context = _context(request, deal_id, said)
    answer = pages.plain(request, TEMPLATE, context, shown.PARTS)
    if request.headers.get("HX-Target") == shown.READING:
        del answer["HX-Push-Url"]  # it looks again by itself: nobody went anywhere
    return answer


def _elsewhere(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """Since when a deal without a page is deleted, or where an old link to one leads now."""
    try:
        return _gone(request, deal_id)
    except Http404:
        whose, _, what = deal_id.rpartition("/")
        if whose and what in MOVED:
            return redirect(MOVED[what], whose)
        raise


def _gone(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    with sharing():
        _, steps_ = _stepped(request, deal_id)
        context = shown.gone.page(deal_id, request.user, steps_)
        if context is None:
            raise Http404(shown.NONE)
        return pages.plain(request, GONE, context)


def _context(request: HttpRequest, deal_id: str, said: Mapping[str, Any]) -> dict[str, Any]:
    asked = request.GET.dict()
    state, steps_ = _stepped(request, deal_id)
    context = shown.page(deal_id, request.user, asked, state, steps_, said, get_token(request))
    if context is None:
        raise Http404(shown.NONE)
    return context


def _stepped(
    request: HttpRequest, deal_id: str
) -> tuple[shown.stepping.State, Mapping[str, Any] | None]:
    """The list that the reader came from, as the address says it, and the deal's place there."""
    asked = request.GET.dict()
    state = shown.stepping.kept(dict(request.GET.lists()))
    page = pages.at(request, asked["at"]) if state else None
    place = shown.lists.find(asked["list"], page) if state else None
    if place is None:
        return state, None
    visit = pages.look(request, place.page)
    return state, shown.stepping.drawn(deal_id, place, visit, state)
