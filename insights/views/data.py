"""HTTP in, HTML out: what the data are like, and whether they can be trusted."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from insights import catalog
from insights.panels import book
from insights.panels import data as shown
from insights.panels.connecting import the_connections
from insights.rules.quality import CHECKS
from revops_site.kernel import pages
from revops_site.kernel.errors import request_id
from revops_site.kernel.exports import begun
from revops_site.kernel.permissions import needs

T = TypeVar("T")


@require_safe
@needs("see data")
def data(request: HttpRequest) -> HttpResponseBase:
    """The Data page, whole or the part that was asked for."""
    systems = partial(the_connections, sources=catalog.SOURCES)
    context = shown.page(*_asked(request), catalog.DATASETS, CHECKS, systems, book.metric)
    return pages.plain(request, "insights/data.html", context, shown.PARTS)


@require_safe
@needs("see data")
def load(request: HttpRequest, load_id: int) -> HttpResponseBase:
    """One load with what it refused."""
    context = _found(shown.load_page(*_asked(request), load_id))
    return pages.plain(request, "insights/load.html", context, shown.PARTS)


@require_safe
@needs("see data")
def refused(request: HttpRequest, load_id: int, kind: str) -> HttpResponseBase:
    """What a load refused, as a file."""
    return attachment(_found(shown.refused_file(load_id, kind)))


@require_safe
@needs("see data")
def check(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What a check found, row by row."""
    context = _found(shown.check_page(*_asked(request), slug, CHECKS))
    return pages.plain(request, "insights/check.html", context, shown.PARTS)


@require_safe
@needs("see data")
def found(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What a check found, as a file."""
    return attachment(_found(shown.found_file(slug, CHECKS)))


@require_safe
@needs("see data")
def dataset(request: HttpRequest, name: str) -> HttpResponseBase:
    """What a dataset's files promise."""
    context = _found(shown.contract_page(*_asked(request), name, catalog.DATASETS))
    return pages.plain(request, "insights/dataset.html", context, shown.PARTS)


@require_safe
@needs("see data")
def mail(request: HttpRequest, name: str) -> HttpResponseBase:
    """A message that the demo's mail server was given, as text."""
    context = _found(shown.mail_page(*_asked(request), name))
    return pages.plain(request, "insights/mail.html", context)


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The raw query string, and the id that an error is told under."""
    return request.META.get("QUERY_STRING", ""), request_id(request)["request_id"]


def _found(one: T | None) -> T:
    if one is None:
        raise Http404
    return one


def attachment(one: shown.File) -> StreamingHttpResponse:
    """A file that a browser keeps, and never shows in a page of ours."""
    answer = StreamingHttpResponse(begun(iter(one.pieces)), content_type=one.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{one.name}"'
    return answer
