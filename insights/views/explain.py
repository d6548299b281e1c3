"""HTTP in, HTML out: what lies behind one number."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from coaching.panels import actions as of_action
from insights.panels import book
from insights.panels import explain as shown
from pipeline.panels import deal as of_deal
from revops_site.kernel import pages
from revops_site.kernel.explain import Ledger
from revops_site.kernel.filters import NAMES
from revops_site.kernel.metrics import Metric
from revops_site.kernel.panels import Page
from revops_site.kernel.permissions import allowed
from revops_site.kernel.queries import sharing


@require_safe
def explanation(request: HttpRequest, slug: str) -> HttpResponse:
    """One number explained: a whole page, what opens beside one, or its rows alone."""
    return _explained(request, *_found(slug))


@require_safe
def rows(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """All rows behind one number, as a file."""
    return _file(request, *_found(slug), kind)


@require_safe
def deal(request: HttpRequest, slug: str, deal_id: str) -> HttpResponse:
    """A number of one deal explained, as others are; it is of the newest day, whatever is asked."""
    found = _of_deal(request, slug, deal_id)
    said = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
    rest = urlencode([pair for pair in said if pair[0] not in NAMES], errors="replace")
    return _explained(request, *found, of_deal.explanation_of(slug, deal_id), rest)


@require_safe
def deal_rows(request: HttpRequest, slug: str, deal_id: str, kind: str) -> HttpResponseBase:
    """All rows behind a number of one deal, as a file."""
    return _file(request, *_of_deal(request, slug, deal_id), kind)


def _explained(
    request: HttpRequest,
    page: Page,
    ledger: Ledger,
    metric: Metric,
    url: str = "",
    query: str | None = None,
) -> HttpResponse:
    with sharing():
        visit = pages.look(request, shown.book(page, ledger, metric, url), query)
        context = shown.explanation(visit, page, ledger, metric)
        answer = pages.plain(request, "insights/explain.html", context, shown.PARTS)
    if not urlsplit(request.headers.get("HX-Current-URL", "")).path.startswith("/explain/"):
        answer["HX-Push-Url"] = "false"  # beside a page, the address stays the page's
    return answer


def _file(
    request: HttpRequest, page: Page, ledger: Ledger, metric: Metric, kind: str
) -> HttpResponseBase:
    answer = pages.export(request, shown.book(page, ledger, metric), shown.ROWS, kind)
    named = answer["Content-Disposition"].replace(f"explain/{metric.slug}", metric.slug)
    answer["Content-Disposition"] = named
    return answer


def _of_deal(request: HttpRequest, slug: str, deal_id: str) -> tuple[Page, Ledger, Metric]:
    seen = allowed(request.user)
    found = of_deal.explained(slug, deal_id, seen) or of_action.explained(slug, deal_id, seen)
    if found is None:
        raise Http404("There is no such number of a deal, or the deal is not yours to see.")
    return found


def _found(slug: str) -> tuple[Page, Ledger, Metric]:
    found = book.EXPLAINED.get(slug)
    if found is None:
        raise Http404(f"No number is called {slug}.")
    return found
