"""What every answer carries, whatever it is, and how long a session lasts."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse

from revops_site.kernel import clock
from revops_site.kernel.entry import open_sessions

Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., HttpResponse])

logger = structlog.get_logger("access")

SANE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
SECRET_PART = re.compile(r"(?<=/)[^/]*[A-Za-z0-9_-]{20,}[^/]*|(?<=/key/)[^/]+|[^/]*@[^/]*")
NOTED_EVERY_SECONDS = 300
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
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
                path=plain_path(request.path),
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000, 1),
                # Who was already looked up: asking now may fail, if the database is what failed.
                user=getattr(getattr(request, "_cached_user", None), "pk", None),
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


class PlainAddresses:
    """Finds nothing at an address that holds a NUL: no text of the database can."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: dict[str, object]
    ) -> None:
        """Refuse it before a view asks the database."""
        if any(isinstance(value, str) and "\x00" in value for value in kwargs.values()):
            raise Http404("There is no such page.")


def plain_path(path: str) -> str:
    """An address without what in it may be the secret of a link: a long part, or one of a key."""
    return SECRET_PART.sub("…", path)


def unnoted(view: View) -> View:
    """Let a view be asked by a page that nobody may be looking at: it is no use of a session."""
    view.is_unnoted = True  # type: ignore[attr-defined]
    return view


class SessionLimits:
    """Ends a session hours after its last use, and days after its login however much it is used."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            began = request.session.setdefault("began", now)
            used = request.session.setdefault("used", now)
            if now - began > settings.SESSION_COOKIE_AGE or now - used > settings.SESSION_IDLE_AGE:
                logout(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> None:
        """Note that the session is used, now and then, by who asked for this view."""
        if request.user.is_authenticated and not getattr(view, "is_unnoted", False):
            now = int(clock.now().timestamp())
            if now - request.session.get("used", now) > NOTED_EVERY_SECONDS:
                request.session["used"] = now
                _keep_use(request)


def _keep_use(request: HttpRequest) -> None:
    """Write down that a session is used; where nothing can be written, pages are read all the same.

    If the database is away altogether, the next question to it says so.
    """
    try:
        with transaction.atomic():
            request.session.save()
            open_sessions.note(request)
    except (DatabaseError, UpdateError) as error:
        structlog.get_logger("errors").warning("use not kept", reason=type(error).__name__)
    request.session.modified = False
