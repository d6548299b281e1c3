"""The record of who did what, when and from where: rows are added and never changed."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest

from revops_site.kernel import clock
from revops_site.kernel.models import AuditEvent, User

LOGIN = "login"
LOGIN_FAILED = AuditEvent.LOGIN_FAILED
LOGIN_REFUSED = "login refused"
LOGOUT = "logout"
RESET_ASKED = "password reset asked for"
CODE_FAILED = "second factor failed"
CODE_REFUSED = "second factor refused"
PASSWORD_CHANGED = "password changed"  # noqa: S105
PASSWORD_RESET = "password reset"  # noqa: S105
SECRET = re.compile(r"password|token|secret|cookie|session|api_?key", re.IGNORECASE)
LONGEST_TARGET = 200
CURRENT: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
"""The request that is being answered, for those who write rows and know of none."""
COUNTED: ContextVar[int] = ContextVar("rows", default=0)
"""How many rows were written on the way of this request."""


def record(
    action: str,
    *,
    user: User | None = None,
    target: str = "",
    request: HttpRequest | None = None,
    **detail: Any,
) -> AuditEvent:
    """Add a row: ``user`` (the request's when not given) did ``action`` to ``target``.

    ``detail`` is kept as JSON, without what is named like a secret. Address and request id are
    those of the request that is being answered, unless another is given.
    """
    request = request or CURRENT.get()
    if user is None and request is not None and getattr(request, "user", None):
        user = request.user if isinstance(request.user, User) else None
    COUNTED.set(COUNTED.get() + 1)
    return AuditEvent.objects.create(
        at=clock.now(),
        user=user if user and user.pk else None,
        action=action,
        target=target[:LONGEST_TARGET],
        detail=_plain(detail),
        address=address(request),
        request_id=getattr(request, "request_id", ""),
    )


def address(request: HttpRequest | None) -> str | None:
    """Where a request came from, as far as that can be told; only trusted proxies are believed."""
    if request is None:
        return None
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return None


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in detail.items() if not SECRET.search(name)}
    plain: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return plain


@receiver(user_logged_in)
def _logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    record(LOGIN, user=user, target=user.username, request=request)


@receiver(user_logged_out)
def _logged_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(LOGOUT, user=user, target=user.username, request=request)


@receiver(user_login_failed)
def _login_failed(credentials: dict[str, Any], request: HttpRequest | None, **_: Any) -> None:
    record(LOGIN_FAILED, target=User.objects.account_name(credentials), request=request)


@receiver([password_changed, password_set])
def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    record(PASSWORD_CHANGED, user=user, target=user.username, request=request)


@receiver(password_reset)
def _password_reset(request: HttpRequest, user: User, **_: Any) -> None:
    record(PASSWORD_RESET, user=user, target=user.username, request=request)
