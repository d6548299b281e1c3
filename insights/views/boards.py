"""HTTP in, HTML out: the boards, each as a page of panels, and the forms that change one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from insights.actions import boards as actions
from insights.actions.boards import ConflictError, RefusedError
from insights.catalog import PAGES
from insights.panels import boards as shown
from insights.panels.boards import Composed, Offer
from insights.queries import boards as kept
from revops_site.kernel import clock, pages
from revops_site.kernel.filters import Filters
from revops_site.kernel.pages import Visit
from revops_site.kernel.panels import Page

HOME, BOARD, EDIT = "insights:boards", "insights:board", "insights:edit_board"
GONE = "There is no such board, or nobody has shared it with you."
Reader = Any  # somebody: the login is required everywhere


def _composed(request: HttpRequest, board_id: int) -> Composed:
    reader: Reader = request.user
    try:
        return shown.composed(reader, kept.readable(reader, board_id))
    except ObjectDoesNotExist as missing:
        raise Http404(GONE) from missing


def _page(request: HttpRequest, board_id: int) -> Page:
    return _composed(request, board_id).page


@require_http_methods(["GET", "HEAD", "POST"])
def boards(request: HttpRequest) -> HttpResponseBase:
    """The boards that the reader may open; a post makes one."""
    reader: Reader = request.user
    if request.method != "POST":
        return pages.plain(request, "insights/boards.html", shown.home(reader))
    name = request.POST.get("name", "")
    try:
        made = actions.make(user=reader, name=name, at=clock.now())
    except RefusedError as why:
        context = {**shown.home(reader), "problem": str(why), "name": name}
        answer = pages.plain(request, "insights/boards.html", context)
        answer.status_code = 422
        return answer
    return redirect(EDIT, made.pk)


@pages.shows(_page)
@require_safe
def board(request: HttpRequest, board_id: int) -> HttpResponseBase:
    """A board under its own filters, where the address names none."""
    of = _composed(request, board_id)
    if of.board.query and not request.META.get("QUERY_STRING"):
        return redirect(f"{of.page.address}?{of.board.query}")

    def beside(visit: Visit) -> list[Any]:
        return [shown.bar(of, request.user, visit.asked.to_query())]

    return pages.page(request, "insights/board.html", of.page, beside)


@require_safe
def panel(request: HttpRequest, board_id: int, slug: str) -> HttpResponseBase:
    """One of its panels."""
    return pages.panel(request, _page(request, board_id), slug)


@require_safe
def file(request: HttpRequest, board_id: int, slug: str, kind: str) -> HttpResponseBase:
    """The numbers of one of its panels."""
    return pages.export(request, _page(request, board_id), slug, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, board_id: int) -> HttpResponseBase:
    """Asks first; a post makes a board of one's own like this one."""
    reader: Reader = request.user
    of = _composed(request, board_id)
    if request.method != "POST":
        return pages.plain(request, "insights/copy_board.html", shown.copying(of))
    try:
        made = actions.copy(user=reader, board_id=board_id, at=clock.now())
    except ObjectDoesNotExist as missing:
        raise Http404(GONE) from missing
    except RefusedError as why:
        context = {**shown.copying(of), "problem": str(why)}
        answer = pages.plain(request, "insights/copy_board.html", context)
        answer.status_code = 422
        return answer
    return redirect(EDIT, made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponseBase:
    """Asks on which board a panel is to stand; a post puts it there, or on a new one."""
    reader: Reader = request.user
    given = request.POST if request.method == "POST" else request.GET
    offer = shown.offered(PAGES, given.get("at", ""), given.get("panel", ""))
    if offer is None:
        raise Http404("That panel cannot stand on a board: it is of one thing’s own page.")
    if request.method != "POST":
        return _choose(request, offer)
    where, name = given.get("board", ""), given.get("name", "")
    try:
        board_id = _chosen(reader, where, name)
        _put(reader, board_id, offer)
    except RefusedError as why:
        return _choose(request, offer, problem=str(why), name=name, where=where)
    return redirect(f"{reverse(BOARD, args=[board_id])}#panel-{offer.panel.slug}")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, board_id: int) -> HttpResponseBase:
    """One's own board with what can be changed of it; a post changes one thing."""
    reader: Reader = request.user
    if not kept.own(reader).filter(pk=board_id).exists():
        raise Http404(GONE)
    if request.method != "POST":
        return _editor(request, board_id)
    deed = request.POST.get("do", "")
    if deed == "delete":
        actions.delete(user=reader, board_id=board_id)
        return redirect(HOME)
    change = _change(request, reader, board_id, deed)
    if change is None:
        return HttpResponseBadRequest("There is nothing of that name to do with a board.")
    try:
        change()
    except ConflictError as why:
        return _editor(request, board_id, problem=str(why), status=409)
    except RefusedError as why:
        return _editor(request, board_id, problem=str(why), status=422)
    asked = {"q": request.POST.get("q", ""), "focus": _focus(request, deed)}
    query = urlencode({name: value for name, value in asked.items() if value})
    return redirect("?".join(filter(None, (reverse(EDIT, args=[board_id]), query))))


def _change(
    request: HttpRequest, reader: Reader, board_id: int, deed: str
) -> Callable[[], None] | None:
    given = request.POST
    own: dict[str, Any] = {"user": reader, "board_id": board_id}
    now: dict[str, Any] = {**own, "seen": given.get("seen", "")}
    slug: dict[str, Any] = {"panel": given.get("panel", "")}
    deeds: dict[str, Callable[[], None]] = {
        "rename": partial(actions.rename, **now, name=given.get("name", "")),
        "narrow": partial(
            actions.narrow, **now, query=Filters.parse(given.get("query", "")).to_query()
        ),
        "up": partial(actions.move, **now, **slug, by=-1),
        "down": partial(actions.move, **now, **slug, by=1),
        "wide": partial(actions.widen, **now, **slug, is_wide=True),
        "half": partial(actions.widen, **now, **slug, is_wide=False),
        "remove": partial(actions.remove, **now, **slug),
        "share": partial(
            actions.share, **own, team=given.get("team", ""), role=given.get("role", "")
        ),
        "unshare": partial(actions.unshare, **own, share_id=given.get("share", "")),
        "add": partial(_add, reader, board_id, given.get("at", ""), slug["panel"]),
    }
    return deeds.get(deed)


def _add(reader: Reader, board_id: int, address: str, slug: str) -> None:
    offer = shown.offered(PAGES, address, slug)
    if offer is None:
        raise RefusedError("There is no such panel any more.")
    _put(reader, board_id, offer)


def _put(reader: Reader, board_id: int, offer: Offer) -> None:
    try:
        actions.add(
            user=reader,
            board_id=board_id,
            page=offer.page.address,
            panel=offer.panel.slug,
            title=offer.panel.title,
            is_wide=offer.panel.width in shown.WIDE_AT_HOME or bool(offer.panel.tiles),
        )
    except ObjectDoesNotExist as missing:
        raise Http404(GONE) from missing


def _chosen(reader: Reader, where: str, name: str) -> int:
    """The board that was chosen, or the new one that was named."""
    if where == "new":
        return int(actions.make(user=reader, name=name, at=clock.now()).pk)
    if not (where.isascii() and where.isdigit() and len(where) < 10):
        raise RefusedError("Choose a board, or name a new one.")
    return int(where)


def _choose(request: HttpRequest, offer: Offer, **said: str) -> HttpResponseBase:
    reader: Reader = request.user
    context = {**shown.chosen(reader, offer, ""), **said}
    answer = pages.plain(request, "insights/add_to_board.html", context)
    answer.status_code = 422 if said.get("problem") else 200
    return answer


def _editor(
    request: HttpRequest, board_id: int, *, problem: str = "", status: int = 200
) -> HttpResponseBase:
    text = (request.POST if request.method == "POST" else request.GET).get("q", "")[:100]
    now = Filters.parse(request.GET.get("now", "")).to_query()
    of = _composed(request, board_id)
    context = {
        **shown.editor(of, PAGES, text=text, now=now, focus=request.GET.get("focus", "")),
        "problem": problem,
    }
    answer = pages.plain(request, "insights/edit_board.html", context)
    answer.status_code = status
    return answer


def _focus(request: HttpRequest, deed: str) -> str:
    """What keeps the focus after the page came anew: whoever moves a panel moves on with keys."""
    slug = request.POST.get("panel", "")
    return f"{deed}-{slug}" if deed in {"up", "down", "wide", "half"} else ""
