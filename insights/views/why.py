"""HTTP in, HTML out: why a number changed."""

from __future__ import annotations

from datetime import date
from functools import partial

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights.analytics import why
from insights.panels import book
from insights.panels import why as shown
from revops_site.kernel import pages
from revops_site.kernel.filters import DIMENSIONS
from revops_site.kernel.panels import Page
from revops_site.kernel.periods import Period, plus

PAGE = "insights/drill.html"
WAYS = (*DIMENSIONS, why.PARTS, why.MOVEMENT)


@pages.shows(lambda request, slug: _page(request, slug))
@require_safe
def change(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Why a number changed: whole, or the part that was asked for."""
    question = _question(request, slug)
    return pages.page(request, PAGE, shown.page(question), partial(shown.card, question))


@require_safe
def panel(request: HttpRequest, slug: str, panel_slug: str) -> HttpResponseBase:
    """One panel of it."""
    return pages.panel(request, _page(request, slug), panel_slug)


@require_safe
def file(request: HttpRequest, slug: str, panel_slug: str, kind: str) -> HttpResponseBase:
    """One panel of it as a file."""
    answer = pages.export(request, _page(request, slug), panel_slug, kind)
    named = answer["Content-Disposition"].replace(f"why/{slug}", f"why-{slug}")
    answer["Content-Disposition"] = named
    return answer


def _page(request: HttpRequest, slug: str) -> Page:
    return shown.page(_question(request, slug))


def _question(request: HttpRequest, slug: str) -> shown.Question:
    found = book.number(slug)
    if found is None:
        raise Http404(f"No number is called {slug}.")
    by = request.GET.get("by", "")
    return shown.Question(found, by if by in WAYS else "", _against(request))


def _against(request: HttpRequest) -> Period | None:
    """The days that are compared with, where both ends are days and in order."""
    first, last = (_day(request.GET.get(f"against_{end}", "")) for end in ("start", "end"))
    if first is None or last is None or last < first:
        return None
    return Period(first, plus(last, 1))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
