"""A deal's forecast category, set by hand."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from pipeline.actions import categories as of_category
from pipeline.panels import categories as shown_category
from revops_site.kernel import clock, pages
from revops_site.kernel.permissions import may


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
