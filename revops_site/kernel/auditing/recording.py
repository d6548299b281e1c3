"""What no action writes down itself: refusals, files taken along, and any other change."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from revops_site.guarded import patience
from revops_site.kernel import audit
from revops_site.kernel.auditing.rations import Ration
from revops_site.kernel.middleware import SAFE, Handler, plain_path
from revops_site.kernel.models import User
from revops_site.kernel.tokens import FILES

EXPORTED, SENT = "exported", "form sent"
REFUSALS = {401: "refused credentials", 403: "refused", 404: "refused", 429: "refused for now"}
ANYWHERE = frozenset({401, 429})  # where it does not matter what was asked for
LONGEST_QUERY = 300
PEOPLE = Ration(first=20, most=5_000)
STRANGERS = Ration(first=2, most=20)

log = structlog.get_logger("audit")


class Recording:
    """Sees to it that no refusal, no export and no change of a signed-in person goes without a row.

    A 404 of an address that there is counts as a refusal: strangers to a deal are told that there
    is none. Of whoever is not signed in, refused forms, credentials and crowds of requests count.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current = audit.CURRENT.set(request)
        counted = audit.COUNTED.set(0)
        try:
            response = self.get_response(request)
            if response.status_code >= 400:
                _refusal(request, response.status_code)
            elif action := _missing(request, response):
                _change(request, response, action)
            return response
        finally:
            audit.COUNTED.reset(counted)
            audit.CURRENT.reset(current)


def _refusal(request: HttpRequest, status: int) -> None:
    """Write down that this was refused, if it was and the ration allows."""
    user, match = _reader(request), request.resolver_match
    if status not in REFUSALS or (status == 404 and (user is None or match is None)):
        return
    if status == 401 and "Authorization" not in request.headers:
        return  # whoever shows nothing is asked to sign in
    if user is None and audit.COUNTED.get():
        return  # what refused them said so itself
    what = str(status) if status in ANYWHERE else f"{status} {request.method} {request.path}"
    if user is None:
        count = STRANGERS.due(str(audit.address(request)), what)
    else:
        count = PEOPLE.due(str(user.pk), what)
    if count:
        told = {"method": request.method, "status": status, "refusals_in_a_minute": count}
        _write(REFUSALS[status], request, user, _place(request, user), **told)


def _place(request: HttpRequest, user: User | None) -> str:
    """Where they were refused: of strangers no more than which of our addresses it was."""
    if user is not None:
        return plain_path(request.path)
    match = _match(request)
    return f"/{match.route}" if match is not None else ""


def _missing(request: HttpRequest, response: HttpResponse) -> str:
    """The deed that this answer is and no row tells of; empty for none."""
    if _reader(request) is None or request.resolver_match is None:
        return ""
    if _is_file(request, response):
        return EXPORTED
    unsafe = request.method not in SAFE
    return SENT if unsafe and not audit.COUNTED.get() else ""


def _change(request: HttpRequest, response: HttpResponse, action: str) -> None:
    told = {"method": request.method, "status": response.status_code}
    query = request.META.get("QUERY_STRING", "")
    if action == EXPORTED and query:
        told["query"] = query[:LONGEST_QUERY]
    _write(action, request, _reader(request), request.path, **told)


def _write(
    action: str, request: HttpRequest, user: User | None, target: str, **told: object
) -> None:
    match = _match(request)
    if match is not None:
        told["view"] = match.view_name
    try:
        with patience.knowing(), transaction.atomic():
            audit.record(action, user=user, target=target, request=request, **told)
    except DatabaseError as error:
        log.error("not recorded", action=action, reason=type(error).__name__)


def _match(request: HttpRequest) -> ResolverMatch | None:
    """Which address it is, also where it was refused before anybody looked."""
    try:
        return request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return None


def _reader(request: HttpRequest) -> User | None:
    """Who was already looked up: asking now may fail, if the database is what failed."""
    owner = getattr(request, "token_owner", None)  # of one that does not let its program in here
    user = getattr(request, "user", None) if hasattr(request, "_cached_user") else None
    user = user or (request.user if hasattr(request, "token") else None)
    return next((one for one in (owner, user) if isinstance(one, User)), None)


def _is_file(request: HttpRequest, response: HttpResponse) -> bool:
    told = response.headers.get("Content-Disposition", "")
    return told.startswith("attachment") or (
        request.path.endswith(FILES) and request.method == "GET"
    )
