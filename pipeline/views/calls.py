"""What reps and managers say of the quarter."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from pipeline.actions import calls as of_call
from pipeline.panels import CALLS
from pipeline.panels.calls import form as called
from pipeline.views.dashboards import DASHBOARD
from revops_site.kernel import clock, pages

_, calls_panel, calls_file = pages.views(CALLS, DASHBOARD)


@pages.shows(lambda request: CALLS)
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
