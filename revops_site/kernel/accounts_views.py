"""HTTP in, HTML out: one's own account and the theme that one reads in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from revops_site.kernel import pages
from revops_site.kernel.accounts import THEME_COOKIE, demo_users
from revops_site.kernel.models import User

A_YEAR = 365 * 24 * 3600


class Login(LoginView):  # type: ignore[misc]
    """The login page; the demo's offers its people."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The form, and who there is to look around as."""
        return {**super().get_context_data(**context), "demo_users": demo_users(self.request)}


@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is here, and whose rows one sees."""
    return pages.plain(request, "account/profile.html", {"title": "Your account"})


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme with the account, and in a cookie for pages before login."""
    chosen = request.POST.get("theme", "unnamed")
    if chosen not in User.Theme.values:
        return HttpResponseBadRequest("There is no such theme.")
    if isinstance(request.user, User):
        request.user.theme = chosen
        request.user.save(update_fields=["theme"])
    quiet = request.headers.get("HX-Request") == "true"
    answer = HttpResponse(status=204) if quiet else redirect(_back(request))
    answer.set_cookie(
        THEME_COOKIE,
        chosen,
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def _back(request: HttpRequest) -> str:
    """Where the form was, as long as that is here."""
    asked = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if here else "/"
