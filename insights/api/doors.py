"""The way in and out: who asks, what an address may say, and whether an answer is known already."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from ninja.utils import check_csrf

from insights.api import limits
from insights.api.failures import RefusedError
from revops_site.kernel import problems

if TYPE_CHECKING:
    from revops_site.kernel.models import User

SAFE = frozenset({"GET", "HEAD"})
PART = re.compile(r"<(?:\w+:)?(\w+)>")
NO_CSRF = "A post by a login in a browser carries the CSRF token in X-CSRFToken."

Names = Callable[[str, str], frozenset[str] | None]
View = Callable[..., Any]


def known(request: HttpRequest) -> User:
    """Who asks; a login in a browser has to show that it meant to post."""
    if check_csrf(request) is not None:
        raise RefusedError(403, NO_CSRF)
    return request.user  # type: ignore[return-value]


def guarded(view: View, names: Names) -> View:
    """A view that knows all of its address, is not asked too often, and says 405 and 304."""

    @functools.wraps(view)
    def door(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        if request.method == "HEAD":
            request.method = "GET"
            try:
                return door(request, *args, **given)
            finally:
                request.method = "HEAD"  # whoever sends the answer leaves out its body
        if (waits := limits.exceeded(request)) is not None:
            return waits
        strange = _strange(request, names)
        if strange:
            return problems.answer(
                422, f"The document knows no parameter {strange[0]} here.", errors=strange
            )
        answer: HttpResponse = view(request, *args, **given)
        if answer.status_code == 405:
            refused = problems.answer(405, f"There is no {request.method} here.")
            refused["Allow"] = answer["Allow"]
            return refused
        return _unless_known(request, answer) if request.method == "GET" else answer

    door.csrf_exempt = True  # type: ignore[attr-defined]
    return door


def _strange(request: HttpRequest, names: Names) -> list[str]:
    """What the address says that the document does not know."""
    match = request.resolver_match
    route = "/" + PART.sub(r"{\1}", match.route if match else "")
    declared = names(route, request.method or "")
    if declared is None:
        return []
    return [name for name in request.GET if name not in declared]


def _unless_known(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    if answer.status_code != 200:
        return answer
    tag = answer.get("ETag") or f'"{hashlib.blake2s(answer.content, digest_size=16).hexdigest()}"'
    kept = parse_etags(request.headers.get("If-None-Match", ""))
    if tag in kept or f"W/{tag}" in kept or "*" in kept:
        # To close the answer itself would say that the request is over.
        if (file := getattr(answer, "file_to_stream", None)) is not None:
            file.close()
        answer = HttpResponseNotModified()
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ("Authorization", "Cookie"))
    return answer
