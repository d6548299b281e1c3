"""The one door: who gets in, how often somebody may guess, and where they are sent."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from revops_site.kernel import audit, clock, locks
from revops_site.kernel.auditing.rations import Ration
from revops_site.kernel.models import AuditEvent, User

QUARTER_HOUR, HOUR = timedelta(minutes=15), timedelta(hours=1)
GUESSES_BY_NAME_AND_ADDRESS = 5  # in a quarter of an hour
GUESSES_BY_NAME = 20  # in an hour
GUESSES_BY_ADDRESS = 50  # in an hour
REFUSED = Ration(first=1, most=100)  # rows of closed doors
THEME_COOKIE = "theme"
LOOPBACK = {"127.0.0.1", "::1"}
PAGES = {"main", "panels"}  # targets whose address is a page's own
WRONG = _("That name and that password do not belong together.")


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Knows people by user name or e-mail address; demo users exist only while the demo runs."""

    def authenticate(
        self, request: HttpRequest | None, **credentials: Any
    ) -> AbstractBaseUser | None:
        """The person with this name and password, or None.

        One password is hashed whoever asks, so that the time does not tell whether a name exists.
        """
        password = credentials.get("password")
        if not password:
            return None
        user = User.objects.known_as(credentials)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        """Asked at login and again at each request, so that it also ends open sessions."""
        demo = isinstance(user, User) and user.is_demo
        return super().user_can_authenticate(user) and (settings.REVOPS_DEMO or not demo)


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What of allauth's behaviour is this product's own."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited by an admin."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """One guess at a time for an account and for an address, so that none slips past the count.

        What is written down about it stays, whatever comes of it.
        """
        refused = None
        with transaction.atomic():
            locks.queue_for(f"login {User.objects.account_name(credentials)}")
            locks.queue_for(f"login from {audit.address(request)}")
            try:
                found: AbstractBaseUser | None = super().authenticate(request, **credentials)
                return found
            except ValidationError as error:
                refused = error
        raise refused

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse who guessed too often, before any password is looked at."""
        name = User.objects.account_name(credentials)
        if guessed_too_often(name, audit.address(request)):
            count = REFUSED.due(f"{name} from {audit.address(request)}", "")
            if count:
                action = audit.LOGIN_REFUSED
                audit.record(action, target=name, request=request, refusals_in_a_minute=count)
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **asked: Any) -> Any:
        """No road past the backend: not by a reset link, not by a code."""
        if not Backend().user_can_authenticate(user):
            return redirect_to_login("/")
        return super().pre_login(request, user, **asked)


def reading(request: HttpRequest) -> dict[str, str]:
    """A context processor: the theme that this reader chose; empty for the system's."""
    reader = getattr(request, "user", None)
    if isinstance(reader, User):
        return {"theme": reader.theme}
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return {"theme": chosen if chosen in User.Theme.values else ""}


def demo_users(request: HttpRequest) -> list[dict[str, str]]:
    """Role, user name and password of those to look around as, while the demo runs.

    They are shown on the machine that it runs on and nowhere else, whatever address it serves.
    """
    proxied = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
    if not settings.REVOPS_DEMO or proxied or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        return []
    with suppress(OSError):
        users: list[dict[str, str]] = json.loads((settings.VAR / "demo.json").read_text())["users"]
        return users
    return []


def guessed_too_often(name: str, address: str | None) -> bool:
    """Whether the recent failures of this account or from this address are too many.

    They are counted in the audit log, which all web processes share. A password reset forgives
    the account's; nothing locks an account for longer than an hour.
    """
    now = clock.now()
    recent = AuditEvent.objects.filter(at__gt=now - HOUR)
    reset = recent.filter(action=audit.PASSWORD_RESET, target=name).aggregate(last=Max("id"))
    by_name = Q(target=name, id__gt=reset["last"] or 0)
    by_address = Q(address=address)
    failed = recent.filter(action=audit.LOGIN_FAILED).aggregate(
        of_name=Count("id", filter=by_name),
        of_address=Count("id", filter=by_address),
        of_both=Count("id", filter=by_name & by_address & Q(at__gt=now - QUARTER_HOUR)),
    )
    return bool(
        failed["of_both"] >= GUESSES_BY_NAME_AND_ADDRESS
        or failed["of_name"] >= GUESSES_BY_NAME
        or failed["of_address"] >= GUESSES_BY_ADDRESS
    )


class LoginRequired(LoginRequiredMiddleware):
    """Closed by default: whoever is not signed in is sent to the one login page, and back after it.

    HTMX is told to leave the page, so that no login form lands in a panel.
    """

    def get_login_url(self, view_func: Any) -> str:
        """The same for every view, the admin's own included."""
        return resolve_url(settings.LOGIN_URL)

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        """A redirect to the login page that names the page to come back to."""
        if request.headers.get("HX-Request") != "true":
            return super().handle_no_permission(request, view_func)
        back: HttpResponse = redirect_to_login(_page_of(request), self.get_login_url(view_func))
        return HttpResponseClientRedirect(back["Location"])


def _page_of(request: HttpRequest) -> str:
    """The page that a fragment was asked for from, or that it is."""
    if request.method == "GET" and request.headers.get("HX-Target") in PAGES:
        return request.get_full_path()
    page: str | None = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
    return page or "/"
