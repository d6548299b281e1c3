"""What the quarter would be if some deals stood otherwise, and the scenarios kept of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pipeline.actions import scenarios as keeping
from pipeline.panels import whatif
from pipeline.views.dashboards import DASHBOARD
from revops_site.kernel import clock, pages


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
