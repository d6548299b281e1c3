"""What a session must have shown before it may go on: a second factor, and lately who one is."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from revops_site.kernel import clock, problems
from revops_site.kernel.middleware import Handler
from revops_site.kernel.models import User

P = ParamSpec("P")

SET_UP = "second_factor"
OPEN = frozenset(
    {
        *(SET_UP, "account_logout", "account_reauthenticate", "mfa_reauthenticate", "theme"),
        *("livez", "readyz", "health"),
    }
)
"""What may be reached without the second factor that one has to have."""
TO_FINISH_SECONDS = 15 * 60
"""How much longer a form may be sent that was opened in time, so that nothing typed is lost."""
SAFE = frozenset({"GET", "HEAD"})


class UnconfirmedError(Exception):
    """Somebody is about to do what is dangerous, and said who they are too long ago."""


class SecondFactorFirst:
    """Leads whoever needs a second factor to its page; and asks again who one is where a view does.

    A program's token was made by somebody who was let in: it is asked for nothing more.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Stand before every view that is not on the way to a second factor."""
        match = request.resolver_match
        if match is None or match.view_name in OPEN or not needs_second_factor(request):
            return None
        if problems.is_asked(request):
            return problems.answer(403, "Set up your second factor in a browser first.")
        return _sent(request, reverse(SET_UP))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Send whoever must say again who they are to where they can, and back to this page."""
        if not isinstance(error, UnconfirmedError):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        if not methods:
            raise PermissionDenied from error
        return _sent(request, f"{methods[0]['url']}?{urlencode({'next': _page(request)})}")


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this session began without the second factor that its person must have."""
    user = request.user
    if not isinstance(user, User) or user.role not in settings.SECOND_FACTOR_ROLES:
        return False
    if hasattr(request, "token"):
        return False
    shown = get_authentication_records(request, user)
    return not any(_is_second(record) for record in shown)


def demand(request: HttpRequest) -> None:
    """Raise UnconfirmedError unless this session lately showed who it is."""
    if not settings.CONFIRMED_SECONDS or hasattr(request, "token"):
        return
    at = [record["at"] for record in get_authentication_records(request, request.user)]
    patience = settings.CONFIRMED_SECONDS
    patience += 0 if request.method in SAFE else TO_FINISH_SECONDS
    if not at or clock.now().timestamp() - max(at) > patience:
        raise UnconfirmedError


def confirmed(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to those alone who lately showed who they are."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        demand(request)
        return view(request, *args, **named)

    return guarded


def _is_second(record: dict[str, Any]) -> bool:
    if record.get("method") == "mfa":
        return True
    return record.get("method") == "socialaccount" and bool(settings.OIDC_BRINGS_SECOND_FACTOR)


def _page(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in SAFE else request.path


def _sent(request: HttpRequest, url: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(url)
    return redirect(url)
