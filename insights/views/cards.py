"""HTTP in, HTML out: what needs attention, as cards and as files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from insights.panels import cards as shown
from insights.rules import RULES
from revops_site.kernel import pages
from revops_site.kernel.permissions import allowed


@require_safe
def insights(request: HttpRequest) -> HttpResponse:
    """The Insights page, whole or the part that was asked for."""
    context = shown.page(_query(request), allowed(request.user), RULES)
    return pages.plain(request, "insights/insights.html", context, shown.PARTS)


@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The cards as a file of exactly this filter."""
    made = shown.export(_query(request), allowed(request.user), RULES, kind)
    if made is None:
        raise Http404(f"There are no {kind} files.")
    name, content_type, content = made
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _query(request: HttpRequest) -> str:
    return str(request.META.get("QUERY_STRING", ""))
