"""The company's own scorecard: looked at before it is saved."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from pipeline.actions import scorecards
from pipeline.analytics.scorecard import PUBLISHED
from pipeline.panels.health import settings as shown
from pipeline.panels.health.fields import typed
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import needs
from revops_site.kernel.queries import sharing


@require_http_methods(["GET", "HEAD", "POST"])
@needs("edit data")
def scorecard(request: HttpRequest) -> HttpResponseBase:
    """The form; a post shows what would change, or saves it."""
    if request.method != "POST":
        return _page(request)
    given = request.POST.dict()
    todo = given.get("do", "")
    if todo == "publish":
        given |= typed(PUBLISHED)
    rules = shown.asked(given)
    if todo != "save" or rules is None:
        return _page(request, given, status=200 if rules else 422)
    try:
        scorecards.save(
            by=request.user,  # type: ignore[arg-type]
            rules=rules,
            seen=given.get("seen", ""),
            at=clock.now(),
        )
    except scorecards.RefusedError as why:
        return _page(request, given, error=str(why), status=422)
    return redirect("pipeline:health")


def _page(
    request: HttpRequest, given: dict[str, str] | None = None, *, error: str = "", status: int = 200
) -> HttpResponseBase:
    with sharing():
        context = shown.page(given, error=error)
        answer = pages.plain(request, "pipeline/scorecard.html", context, shown.PARTS)
    answer.status_code = status
    return answer
