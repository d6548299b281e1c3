"""What goes wrong, as problems that say in sentences why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import ConfigDict

from revops_site.kernel import problems
from revops_site.kernel.pages import AskedError

UNREADABLE = "What was sent does not fit the document: {}."
MOST = 10  # errors that are told of one request


class Problem(Schema):
    """What went wrong, as of RFC 9457; ``detail`` says it in a sentence."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str


class RefusedError(Exception):
    """Why something is not done: ``more`` are members of the problem, ``headers`` its own."""

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers or {}, more


def told(api: NinjaAPI) -> None:
    """Have an API tell all of it as problems; what is a fault of ours is Django's to tell."""
    handlers: Mapping[type[Exception], Any] = {
        Exception: _fault,
        Http404: _missing,
        PermissionDenied: _forbidden,
        SuspiciousOperation: _suspicious,
        AskedError: _asked,
        ValidationError: _invalid,
        HttpError: _http,
        RefusedError: _refused,
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _fault(request: HttpRequest, error: Exception) -> HttpResponse:
    raise error


def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problems.answer(404, str(error) or "There is no such thing, or it is not yours to see.")


def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problems.answer(403, str(error) or "Your role does not include this.")


def _suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return problems.answer(400, "The request has too many parts, or parts that cannot be read.")


def _asked(request: HttpRequest, error: AskedError) -> HttpResponse:
    return problems.answer(400, str(error), errors=error.errors)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [_said(one) for one in error.errors[:MOST]]
    return problems.answer(422, UNREADABLE.format("; ".join(errors)), errors=errors)


def _said(one: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in one["loc"][1:]) or str(one["loc"][0])
    return f"{place}: {one['msg']}"


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problems.answer(error.status_code, str(error))


def _refused(request: HttpRequest, error: RefusedError) -> HttpResponse:
    answer = problems.answer(error.status, error.detail, **error.more)
    for name, value in error.headers.items():
        answer[name] = value
    return answer
