"""Addresses whose views need what is away."""

import errno
from typing import NoReturn

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from procrastinate.exceptions import ConnectorException

from revops_site.guarded import patience
from revops_site.urls import handler500

__all__ = ["handler500", "urlpatterns"]


@login_not_required
def queue(request: HttpRequest) -> NoReturn:
    """A job cannot be put into the queue."""
    raise ConnectorException from psycopg.OperationalError("connection is lost")


@login_not_required
def broken_transaction(request: HttpRequest) -> NoReturn:
    """What Django says to whoever goes on in a transaction whose connection was lost."""
    raise ProgrammingError("Cannot open a new connection in an atomic block.")


@login_not_required
def template(request: HttpRequest) -> HttpResponse:
    """A template asks for what is away."""

    def rows() -> NoReturn:
        raise OperationalError("connection is lost")

    made = engines["django"].from_string("{% for one in rows %}{{ one }}{% endfor %}")
    return HttpResponse(made.render({"rows": rows}))


@login_not_required
def full_disk(request: HttpRequest) -> NoReturn:
    """A file cannot be kept."""
    raise OSError(errno.ENOSPC, "No space left on device")


@login_not_required
def full_database(request: HttpRequest) -> NoReturn:
    """A row cannot be kept."""
    raise OperationalError("could not extend file") from psycopg.errors.DiskFull("no space")


@login_not_required
def late(request: HttpRequest) -> NoReturn:
    """A statement was ended by its timeout."""
    raise OperationalError("canceling statement") from psycopg.errors.QueryCanceled("timeout")


@login_not_required
def swallowed(request: HttpRequest) -> HttpResponse:
    """Somebody draws a page around what could not be read."""
    patience.note_loss()
    return HttpResponse("0 deals")


urlpatterns = [
    path(f"{before}{address}", view)
    for before in ("", "api/")
    for address, view in (
        ("queue", queue),
        ("broken-transaction", broken_transaction),
        ("template", template),
        ("full-disk", full_disk),
        ("full-database", full_database),
        ("late", late),
        ("swallowed", swallowed),
    )
]
