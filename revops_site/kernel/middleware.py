"""What every answer carries, whatever it is: an id, a strict policy, a plain word when data are away."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from psycopg_pool import PoolClosed, PoolTimeout

Handler = Callable[[HttpRequest], HttpResponse]

logger = structlog.get_logger("access")

SANE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
RETRY_AFTER_SECONDS = "2"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DATABASE_IS_AWAY = (OperationalError, InterfaceError, PoolTimeout, PoolClosed)


class RequestId:
    """Gives each request an id that its logs, its errors and its answer share, and logs it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        request_id = asked if SANE_ID.fullmatch(asked) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            logger.info(
                "request",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                user=getattr(getattr(request, "user", None), "pk", None),
            )
        response["X-Request-ID"] = request_id
        return response


class ContentSecurityPolicy:
    """Lets a page run nothing but this product's own files, and keeps answers out of caches."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Static files are served further out: what passes here was made for one reader.
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class KnownMethods:
    """Refuses methods that no view declares; Django's function views would answer them."""

    ALLOWED = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in self.ALLOWED:
            return self.get_response(request)
        return HttpResponse(status=405, headers={"Allow": ", ".join(self.ALLOWED)})


class DatabaseAway:
    """Answers 503 and when to come back while the database cannot be reached; never a 500."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except DATABASE_IS_AWAY as error:
            return _unavailable(request, error)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Exceptions of views reach middleware here, before Django turns them into a 500."""
        return _unavailable(request, error) if isinstance(error, DATABASE_IS_AWAY) else None


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    structlog.get_logger("database").error("database away", reason=type(error).__name__)
    if request.headers.get("HX-Request") == "true":
        body = "<p>The database cannot be reached. The figures shown are unchanged.</p>"
    else:
        body = render_to_string("503.html", {"request_id": getattr(request, "request_id", "")})
    return HttpResponse(body, status=503, headers={"Retry-After": RETRY_AFTER_SECONDS})
