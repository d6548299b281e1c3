"""HTTP in, HTML out: what all pages share: the palette, saved views, whether the data are new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
)
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from insights import catalog
from insights.actions import saved_views as actions
from insights.panels import boards
from insights.panels import palette as found
from insights.panels import saved_views as shown
from insights.queries.saved_views import views_of
from insights.views import ask
from revops_site.kernel import clock, freshness, pages
from revops_site.kernel.middleware import unnoted
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import sharing

SHEET = "insights/_views_sheet.html"


@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """What is found by a few letters: a page, or the hits alone."""
    text = request.GET.get("q", "")
    most = found.MOST if request.headers.get("HX-Target") == "palette-hits" else found.MOST_ON_PAGE
    with sharing():
        known = catalog.known(request)
        all_pages = [*known.pages, *boards.hits(request.user)]
        known = replace(known, pages=all_pages, asks=ask.hits(request.user))
        groups = found.find(text, known, allowed(request.user), most)
    context = {"title": "Search", **found.context(text, groups)}
    hits = {"palette-hits": "insights/_palette_hits.html"}
    return pages.plain(request, "insights/palette.html", context, hits)


@unnoted
@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """204 while the data are those that were ``seen``, else which they are now."""
    generation = freshness.generation()
    if request.GET.get("seen") == str(generation):
        return HttpResponse(status=204)
    return JsonResponse({"generation": generation})


@require_http_methods(["GET", "HEAD", "POST"])
def views(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's views of a page; a post keeps one more."""
    place = _place(slug)
    if request.method != "POST":
        return _menu(request, place, request.META.get("QUERY_STRING", ""))
    given = request.POST
    query, name = given.get("query", ""), given.get("name", "")
    try:
        actions.save(
            user=request.user,  # type: ignore[arg-type]
            page=place.slug,
            name=name,
            query=shown.state(query, place),
            is_default="is_default" in given,
            at=clock.now(),
        )
    except actions.RefusedError as why:
        return _menu(request, place, query, error=str(why), name=name)
    return _done(request, place, query)


@require_POST
def view(request: HttpRequest, slug: str, view_id: int) -> HttpResponse:
    """Do with one of the reader's views what was asked: rename, default, undefault, delete."""
    place, given = _place(slug), request.POST
    query, name = given.get("query", ""), given.get("name", "")
    deeds: dict[str, Callable[..., None]] = {
        "rename": partial(actions.rename, name=name),
        "default": partial(actions.choose, is_default=True),
        "undefault": partial(actions.choose, is_default=False),
        "delete": actions.delete,
    }
    deed = deeds.get(given.get("do", ""))
    if deed is None:
        return HttpResponseBadRequest("There is nothing of that name to do with a view.")
    try:
        deed(user=request.user, page=place.slug, view_id=view_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except actions.RefusedError as why:
        return _menu(request, place, query, error=str(why), name=name, view_id=view_id)
    return _done(request, place, query)


def _place(slug: str) -> shown.Place:
    place = catalog.PLACES.get(slug)
    if place is None:
        raise Http404(f"No page with filters is called {slug}.")
    return place


def _menu(request: HttpRequest, place: shown.Place, query: str, **said: Any) -> HttpResponse:
    """The page's views, whole or as the menu's sheet; 422 where it says what could not be done."""
    menu = shown.menu(place, views_of(request.user), query, said)
    context = {"title": f"Views of {place.title}", "menu": menu}
    answer = pages.plain(request, "insights/saved_views.html", context, {"views-sheet": SHEET})
    answer.status_code = 422 if menu["error"] else 200
    return answer


def _done(request: HttpRequest, place: shown.Place, query: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return _menu(request, place, query)
    return redirect(place.address(shown.state(query, place)))
