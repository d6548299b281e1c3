"""HTTP in, HTML out: what lies behind one number."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights import catalog
from insights.panels import explain as shown
from revops_site.kernel import pages
from revops_site.kernel.explain import Ledger
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Page
from revops_site.kernel.queries import sharing


@require_safe
def explanation(request: HttpRequest, slug: str) -> HttpResponse:
    """One number explained: a whole page, what opens beside one, or its rows alone."""
    page, ledger, metric = _found(slug)
    with sharing():
        visit = pages.look(request, shown.book(page, ledger, metric))
        context = shown.explanation(visit, page, ledger, metric)
        answer = pages.plain(request, "insights/explain.html", context, shown.PARTS)
    if not urlsplit(request.headers.get("HX-Current-URL", "")).path.startswith("/explain/"):
        answer["HX-Push-Url"] = "false"  # beside a page, the address stays the page's
    return answer


@require_safe
def rows(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """All rows behind one number, as a file."""
    answer = pages.export(request, shown.book(*_found(slug)), shown.ROWS, kind)
    named = answer["Content-Disposition"].replace(f"explain/{slug}", slug)
    answer["Content-Disposition"] = named
    return answer


def _found(slug: str) -> tuple[Page, Ledger, Metric]:
    found = catalog.EXPLAINED.get(slug)
    if found is None:
        raise Http404(f"No number is called {slug}.")
    return found
