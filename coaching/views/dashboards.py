"""HTTP in, HTML out: the team, one rep, and their published JSON."""

from __future__ import annotations

from functools import partial
from typing import Any, TypeVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from coaching.panels import rep as of_rep
from coaching.panels import team as of_team
from coaching.panels.team import contract
from pipeline.panels.widgets import contract_words
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import allowed

TEAM = "coaching/dashboard.html"
REP = "coaching/rep.html"
T = TypeVar("T")


@pages.shows(lambda request: _team(request))
@require_safe
def team(request: HttpRequest) -> HttpResponseBase:
    """The reps whom the reader may see, beside each other."""
    return pages.page(request, TEAM, _team(request), of_team.beside)


@require_safe
def team_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it."""
    return pages.panel(request, _team(request), slug)


@require_safe
def team_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's file."""
    return pages.export(request, _team(request), slug, kind)


@require_safe
def team_widget(request: HttpRequest) -> HttpResponseBase:
    """The reps by the names and types of the published contract."""
    return pages.widget(request, _team(request), contract.performance, words=contract_words())


@pages.shows(lambda request, rep_id: _rep(request, rep_id))
@require_safe
def rep(request: HttpRequest, rep_id: str) -> HttpResponseBase:
    """One rep's page, for those who may see the rep's deals."""
    shown = _rep(request, rep_id)
    whose = _found(of_rep.person(rep_id, allowed(request.user)))
    reader: dict[str, Any] = {"user": request.user, "token": get_token(request)}
    return pages.page(request, REP, shown, partial(of_rep.beside, whose=whose, **reader))


@require_safe
def rep_file(request: HttpRequest, rep_id: str, slug: str, kind: str) -> HttpResponseBase:
    """A part of it as a file."""
    return pages.export(request, _rep(request, rep_id), slug, kind)


@require_safe
def rep_widget(request: HttpRequest, rep_id: str, widget: str) -> HttpResponseBase:
    """One widget of the rep by the names and types of the published contract."""
    shown = _rep(request, rep_id)
    whose = _found(of_rep.person(rep_id, allowed(request.user)))
    give = _found(of_rep.widget(widget, whose))
    return pages.widget(request, shown, give, words=contract_words())


def _team(request: HttpRequest) -> Page:
    reader = request.user
    return of_team.page(is_rep=reader.is_authenticated and reader.role == "rep")


def _rep(request: HttpRequest, rep_id: str) -> Page:
    return _found(of_rep.page(rep_id, allowed(request.user)))


def _found(one: T | None) -> T:
    if one is None:
        raise Http404("There is no such page, or it is not yours to see.")
    return one
