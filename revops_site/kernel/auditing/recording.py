"""What no action writes down itself: refusals, files taken along, and any other change."""

from __future__ import annotations

import hashlib

import structlog
from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from revops_site.guarded import patience
from revops_site.kernel import audit
from revops_site.kernel.middleware import SAFE, Handler
from revops_site.kernel.models import User
from revops_site.kernel.tokens import FILES

REFUSED, EXPORTED, SENT = "refused", "exported", "form sent"
ONCE_IN_SECONDS = 60  # for the same refusal to the same person
LONGEST_QUERY = 300

log = structlog.get_logger("audit")


class Recording:
    """Sees to it that no refusal, no export and no change of a signed-in person goes without a row.

    A 404 of an address that names something counts as a refusal: strangers to a deal are told
    that there is none.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current = audit.CURRENT.set(request)
        counted = audit.COUNTED.set(0)
        try:
            response = self.get_response(request)
            action = _missing(request, response)
            if action:
                _write(request, response, action)
            return response
        finally:
            audit.COUNTED.reset(counted)
            audit.CURRENT.reset(current)


def _missing(request: HttpRequest, response: HttpResponse) -> str:
    """The deed that this answer is and no row tells of; empty for none."""
    user, match, status = _reader(request), request.resolver_match, response.status_code
    if user is None or match is None:
        return ""
    if status == 403 or (status == 404 and match.kwargs):
        said = f"{user.pk}|{request.method}|{request.path}|{status}"
        key = f"refused:{hashlib.blake2s(said.encode()).hexdigest()}"
        return REFUSED if cache.add(key, True, ONCE_IN_SECONDS) else ""
    if status >= 400:
        return ""
    if _is_file(request, response):
        return EXPORTED
    unsafe = request.method not in SAFE
    return SENT if unsafe and not audit.COUNTED.get() else ""


def _write(request: HttpRequest, response: HttpResponse, action: str) -> None:
    user, match = _reader(request), request.resolver_match
    told = {"method": request.method, "status": response.status_code}
    query = request.META.get("QUERY_STRING", "")
    if action == EXPORTED and query:
        told["query"] = query[:LONGEST_QUERY]
    if match is not None:
        told["view"] = match.view_name
    try:
        with patience.knowing(), transaction.atomic():
            audit.record(action, user=user, target=request.path, request=request, **told)
    except DatabaseError as error:
        log.error("not recorded", action=action, reason=type(error).__name__)


def _reader(request: HttpRequest) -> User | None:
    """Who was already looked up: asking now may fail, if the database is what failed."""
    user = getattr(request, "user", None) if hasattr(request, "_cached_user") else None
    user = user or (request.user if hasattr(request, "token") else None)
    return user if isinstance(user, User) else None


def _is_file(request: HttpRequest, response: HttpResponse) -> bool:
    told = response.headers.get("Content-Disposition", "")
    return told.startswith("attachment") or (
        request.path.endswith(FILES) and request.method == "GET"
    )
