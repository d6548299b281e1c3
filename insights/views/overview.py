"""HTTP in, HTML out: what a reader's role answers for, and what changed."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

from insights.catalog import SOURCES
from insights.panels import overview as shown
from insights.panels.connecting import ways
from insights.rules import rules
from revops_site.kernel import pages
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import may


@pages.shows(lambda request: shown.with_today(_page(request), request.user))
@require_safe
def overview(request: HttpRequest) -> HttpResponseBase:
    """The overview of the reader's role, whole or the part that was asked for."""
    connects = ways(SOURCES) if may(request.user, "connect sources") else ()
    given = {"token": get_token(request), "rules": rules(), "connects": connects}
    beside = partial(shown.beside, user=request.user, **given)  # type: ignore[arg-type]
    return pages.page(request, "insights/overview.html", _page(request), beside)


@require_safe
def panel(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One panel of it as a fragment."""
    return pages.panel(request, _page(request), slug)


@require_safe
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """One panel's numbers as a file."""
    return pages.export(request, _page(request), slug, kind)


@pages.shows(lambda request: shown.CHANGES)
@require_safe
def changes(request: HttpRequest) -> HttpResponseBase:
    """All that changed, page by page."""
    return pages.page(request, "insights/drill.html", shown.CHANGES)


@require_safe
def all_changes(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """All that changed, as a file."""
    return pages.export(request, shown.CHANGES, slug, kind)


def _page(request: HttpRequest) -> Page:
    return shown.of(getattr(request.user, "role", ""))
