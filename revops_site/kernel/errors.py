"""What a reader gets when something broke: a plain page, and when to come back if data are away.

A program gets a problem in place of a page.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults
from procrastinate.exceptions import ConnectorException
from psycopg import errors as postgres

from revops_site.guarded import patience
from revops_site.kernel import incidents, problems
from revops_site.kernel.middleware import SAFE, Handler, plain_path

DATABASE_IS_AWAY = (
    *(OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError),
    ConnectorException,
)
DISK_IS_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
READ_ONLY = (postgres.DiskFull, postgres.ReadOnlySqlTransaction)
LOST_WITHIN = "Cannot open a new connection in an atomic block."

log = structlog.get_logger("errors")


@dataclass(frozen=True)
class Outage:
    """What is said while something that every answer needs is away, and when to ask again."""

    reason: str
    title: str
    lede: str
    retry_after: str = "2"


AWAY = Outage(
    "The database cannot be reached.",
    "We will be back in a moment",
    "The service is starting, or its database cannot be reached. Your data is safe. "
    "Reload the page in a minute.",
)
FULL = Outage(
    "Nothing can be stored: the disk is full.",
    "Nothing can be stored at the moment",
    "The disk is full. What is there can still be read, and nothing of what you sent was half "
    "saved. Your administrator has to make room; then send it again.",
    "60",
)
LATE = Outage(
    "The database took too long over it.",
    "This took too long",
    "The database was busy for longer than a page may wait. Nothing was half saved. Try again in "
    "a moment, or ask for less: a shorter period, fewer groups.",
    "5",
)


class Outages:
    """Answers 503 also where somebody on the way swallowed that the database went away.

    A page that was drawn around the hole would pass for true. What was written is another matter:
    it is acknowledged by whoever knows that it was kept.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        patience.begin()
        response = self.get_response(request)
        if patience.is_lost() and request.method in SAFE and response.status_code < 400:
            log.error("database away", reason="lost on the way")
            return unavailable(request, AWAY)
        return response


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to what no view caught: 503 while the database is away, 500 for a fault of ours.

    Django calls it while the exception is being handled, wherever on the way it was raised. The
    pages ask no context processor, since those may need the database.
    """
    error = sys.exc_info()[1]
    outage, reason = outage_of(error)
    if outage is not None:
        log.error("database away" if outage is AWAY else "outage", reason=reason)
        return unavailable(request, outage)
    log.error("failed", path=plain_path(request.path), exc_info=error)
    incidents.keep_fault(error, request)
    if problems.is_asked(request):
        return problems.answer(500, "A fault of ours; the log tells more.", **request_id(request))
    return HttpResponse(render_to_string("500.html", request_id(request)), status=500)


def outage_of(error: BaseException | None) -> tuple[Outage | None, str]:
    """What is away that this error comes from, with the words of the log; None for a fault."""
    for one in _chain(error):
        said = str(one).partition("\n")[0]
        full = isinstance(one, OSError) and one.errno in DISK_IS_FULL
        if full or isinstance(one, READ_ONLY):
            return FULL, said
        if isinstance(one, postgres.QueryCanceled):
            return LATE, said
    for one in _chain(error):
        said = str(one).partition("\n")[0]
        if isinstance(one, DATABASE_IS_AWAY) or said == LOST_WITHIN:
            return AWAY, said
    return None, ""


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


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503 as a page, a line for HTMX or a problem for a program, and when to come back."""
    if problems.is_asked(request):
        answer = problems.answer(503, outage.reason)
        answer["Retry-After"] = outage.retry_after
        return answer
    told = {**request_id(request), "title": outage.title, "lede": outage.lede}
    fragment = request.headers.get("HX-Request") == "true"
    line = f"<p>{outage.reason} The figures shown are unchanged.</p>"
    body = line if fragment else render_to_string("503.html", told)
    return HttpResponse(body, status=503, headers={"Retry-After": outage.retry_after})


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it came from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
