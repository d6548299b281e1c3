"""What a reader gets when something broke: a plain page, and when to come back if data are away.

A program gets a problem in place of a page.
"""

from __future__ import annotations

import sys

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from revops_site.kernel import problems
from revops_site.kernel.middleware import plain_path

DATABASE_IS_AWAY = (OperationalError, InterfaceError)
RETRY_AFTER_SECONDS = "2"
FRAGMENT = "<p>The database cannot be reached. The figures shown are unchanged.</p>"

log = structlog.get_logger("errors")


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to what no view caught: 503 while the database is away, 500 for a fault of ours.

    Django calls it while the exception is being handled, wherever on the way it was raised. The
    pages ask no context processor, since those may need the database.
    """
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_IS_AWAY):
        log.error("database away", reason=str(error).partition("\n")[0])
        return _unavailable(request)
    log.error("failed", path=plain_path(request.path), exc_info=error)
    if problems.is_asked(request):
        return problems.answer(500, "A fault of ours; the log tells more.", **request_id(request))
    return HttpResponse(render_to_string("500.html", request_id(request)), status=500)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer where nothing is."""
    if problems.is_asked(request):
        return problems.answer(404, "There is no such address.")
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what cannot be read."""
    if problems.is_asked(request):
        return problems.answer(400, "The request cannot be read.")
    return defaults.bad_request(request, exception)


def request_id(request: HttpRequest) -> dict[str, str]:
    """A context processor: the id under which the log tells about this request."""
    return {"request_id": getattr(request, "request_id", "")}


def _unavailable(request: HttpRequest) -> HttpResponse:
    if problems.is_asked(request):
        answer = problems.answer(503, "The database cannot be reached.")
        answer["Retry-After"] = RETRY_AFTER_SECONDS
        return answer
    fragment = request.headers.get("HX-Request") == "true"
    body = FRAGMENT if fragment else render_to_string("503.html", request_id(request))
    return HttpResponse(body, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
