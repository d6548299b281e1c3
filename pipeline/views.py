"""HTTP in, HTML out: the pipeline's page, its panels, their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pipeline.actions import calls as of_call
from pipeline.actions import categories as of_category
from pipeline.actions import scenarios as keeping
from pipeline.panels import BRIDGE, CALLS, FORECAST, PAGE, STAGE_VELOCITY, tabs, whatif
from pipeline.panels import bridge as of_bridge
from pipeline.panels import categories as shown_category
from pipeline.panels import waiting as of_age
from pipeline.panels.calls import form as called
from pipeline.panels.widgets import WIDGETS, contract_words
from revops_site.kernel import clock, pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import may

DASHBOARD = "pipeline/dashboard.html"


@require_safe
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """The Pipeline page, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, PAGE, tabs.beside)


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel as a fragment."""
    return pages.panel(request, PAGE, slug)


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, PAGE, slug, kind)


@require_safe
def forecast(request: HttpRequest) -> HttpResponseBase:
    """Whether the quarter will be made, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, FORECAST, tabs.beside)


@require_safe
def forecast_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, FORECAST, slug)


@require_safe
def forecast_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, FORECAST, slug, kind)


@require_safe
def velocity(request: HttpRequest) -> HttpResponseBase:
    """How long stages take, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, STAGE_VELOCITY, tabs.beside)


@require_safe
def velocity_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, STAGE_VELOCITY, slug)


@require_safe
def velocity_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, STAGE_VELOCITY, slug, kind)


@require_safe
def waiting(request: HttpRequest, stage: str, ages: str) -> HttpResponseBase:
    """The open deals of a stage that have been in it for so long."""
    return pages.page(request, DASHBOARD, _found(of_age.page(stage, ages)), tabs.beside)


@require_safe
def waiting_file(
    request: HttpRequest, stage: str, ages: str, slug: str, kind: str
) -> HttpResponseBase:
    """The same deals as a file."""
    return pages.export(request, _found(of_age.page(stage, ages)), slug, kind)


@require_safe
def bridge(request: HttpRequest) -> HttpResponseBase:
    """What changed the open pipeline, whole or the part that was asked for."""
    return pages.page(request, DASHBOARD, BRIDGE, tabs.beside)


@require_safe
def bridge_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, BRIDGE, slug)


@require_safe
def bridge_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, BRIDGE, slug, kind)


@require_safe
def step(request: HttpRequest, scope: str, step: str) -> HttpResponseBase:
    """The deals of one step of a bridge."""
    return pages.page(request, DASHBOARD, _found(of_bridge.step(scope, step)), tabs.beside)


@require_safe
def step_file(
    request: HttpRequest, scope: str, step: str, slug: str, kind: str
) -> HttpResponseBase:
    """The same deals as a file."""
    return pages.export(request, _found(of_bridge.step(scope, step)), slug, kind)


@require_safe
def what_if(request: HttpRequest) -> HttpResponseBase:
    """What the quarter would be if some deals stood otherwise, whole or the part asked for."""
    return _assumed(request, whatif.asking.parse(_query(request)))


@require_safe
def what_if_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """The deals that something is assumed of, as a file."""
    page = whatif.files(whatif.asking.parse(_query(request)))
    return pages.export(request, page, slug, kind)


@require_POST
def scenarios(request: HttpRequest) -> HttpResponseBase:
    """Keep what is assumed under a name."""
    return _kept(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario(request: HttpRequest, scenario_id: int) -> HttpResponseBase:
    """Open a scenario; a post changes or forgets one of the reader's own."""
    if request.method != "POST":
        visit = pages.look(request, whatif.PAGE)
        way = whatif.way_to(visit, request.user, scenario_id)
        if way is None:
            raise Http404("There is no such scenario.")
        return redirect(way)
    match request.POST.get("do", ""):
        case "save":
            return _kept(request, scenario_id)
        case "delete":
            keeping.delete(user=request.user, scenario_id=scenario_id)  # type: ignore[arg-type]
            return redirect("pipeline:what_if")
    return HttpResponseBadRequest("There is nothing of that name to do with a scenario.")


def _assumed(request: HttpRequest, asked: whatif.asking.Asked, **said: Any) -> HttpResponseBase:
    """The page, 422 where it says what could not be done; its one address for a form's lines."""
    visit = pages.look(request, whatif.PAGE)
    context = whatif.context(visit, request.user, asked, get_token(request), said)
    if asked.lines and request.headers.get("HX-Request") != "true":
        return redirect(context["address"])
    answer = pages.plain(request, DASHBOARD, context, whatif.PARTS)
    answer.status_code = 422 if said else 200
    return answer


def _kept(request: HttpRequest, scenario_id: int | None) -> HttpResponseBase:
    given = request.POST
    asked = whatif.asking.parse(_query(request), given.get("assume", ""))
    asked = replace(asked, scenario=scenario_id)
    content, error = whatif.content(pages.look(request, whatif.PAGE), asked)
    kept: dict[str, Any] = {
        "user": request.user,
        "name": given.get("name", ""),
        "is_shared": "shared" in given,
        "content": keeping.Content(**content),
        "at": clock.now(),
    }
    try:
        if error:
            raise keeping.RefusedError(error)
        if scenario_id is None:
            scenario_id = keeping.save(**kept)
        else:
            keeping.change(scenario_id=scenario_id, **kept)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except keeping.RefusedError as why:
        said = {"error": str(why), "name": kept["name"], "shared": kept["is_shared"]}
        return _assumed(request, asked, **said)
    return redirect("pipeline:scenario", scenario_id)


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))


@require_http_methods(["GET", "HEAD", "POST"])
def calls(request: HttpRequest) -> HttpResponseBase:
    """What everybody says of the quarter; a post keeps what the reader says."""
    said: dict[str, Any] = {}
    if request.method == "POST":
        mine = called.subject(pages.look(request, CALLS), request.user)
        if mine is None:
            raise PermissionDenied
        typed = {name: request.POST.get(name, "") for name in ("commit", "best_case", "note")}
        by = request.user
        try:
            of_call.submit(by=by, of=of_call.Of(**mine), **typed, at=clock.now())  # type: ignore[arg-type]
        except of_call.RefusedError as why:
            said = {**typed, "errors": why.errors}
        else:
            return redirect(request.get_full_path())
    told: dict[str, Any] = {"by": request.user, "token": get_token(request), "said": said}
    beside = partial(called.beside, **told, is_all=request.GET.get("deals") == "all")
    answer = pages.page(request, DASHBOARD, CALLS, beside)
    answer.status_code = 422 if said else 200
    return answer


@require_safe
def calls_panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, CALLS, slug)


@require_safe
def calls_file(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, CALLS, slug, kind)


@require_http_methods(["GET", "HEAD", "POST"])
def category(request: HttpRequest, deal_id: str) -> HttpResponseBase:
    """A deal's forecast category; a post sets it by hand, or takes that back."""
    if request.method != "POST":
        return _category(request, deal_id)
    if not may(request.user, "call forecast"):
        raise PermissionDenied
    given = request.POST
    known = {"by": request.user, "deal_id": deal_id, "seen": given.get("seen", "")}
    said = {"category": given.get("category", ""), "reason": given.get("reason", "")}
    try:
        if given.get("do") == "take back":
            of_category.take_back(**known, at=clock.now())  # type: ignore[arg-type]
        else:
            of_category.override(**known, **said, at=clock.now())  # type: ignore[arg-type]
    except of_category.RefusedError as why:
        answer = _category(request, deal_id, {**said, "error": str(why)})
        answer.status_code = 422
        return answer
    back = given.get("next", "")
    if request.headers.get("HX-Request") == "true":
        return _category(request, deal_id)
    if url_has_allowed_host_and_scheme(back, None):
        return redirect(f"{back}#{shown_category.slug(deal_id)}")
    return redirect("pipeline:category", deal_id)


def _category(
    request: HttpRequest, deal_id: str, said: Mapping[str, str] | None = None
) -> HttpResponseBase:
    context = shown_category.page(deal_id, request.user, said or {})
    if context is None:
        raise Http404("There is no such deal, or it is not yours to see.")
    parts = shown_category.parts(deal_id)
    context["next"] = request.POST.get("next", "")
    return pages.plain(request, "pipeline/category.html", context, parts)


@require_safe
def widget(request: HttpRequest, page: str, widget: str) -> HttpResponseBase:
    """One widget by the names and types of its published contract."""
    found = WIDGETS.get((page, widget))
    if found is None:
        raise Http404("There is no such widget.")
    return pages.widget(request, *found, words=contract_words())


def _found(page: Page | None) -> Page:
    if page is None:
        raise Http404("There is no such page.")
    return page
