"""HTTP in, HTML out: one's own account, its tokens for programs, the theme that one reads in."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from revops_site.kernel import clock, pages, tokens
from revops_site.kernel.accounts import THEME_COOKIE, demo_users
from revops_site.kernel.entry import confirming, open_sessions, second_factor, single_sign_on
from revops_site.kernel.models import ApiToken, User

A_YEAR = 365 * 24 * 3600


class TokenForm(forms.Form):
    """What a person says of a token that is to be made."""

    name = forms.CharField(
        label="Program", max_length=80, help_text="What the token is for: a name you will know."
    )
    scope = forms.ChoiceField(label="May", choices=ApiToken.Scope.choices)
    days = forms.TypedChoiceField(
        label="For", choices=[(days, f"{days} days") for days in tokens.DAYS], coerce=int
    )


class Login(LoginView):  # type: ignore[misc]
    """The login page; the demo's offers its people."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The form, and who there is to look around as."""
        more = {"demo_users": demo_users(self.request), "sso": single_sign_on.offer()}
        return {**super().get_context_data(**context), **more}


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who one is here, whose rows one sees, and one's tokens; a post makes one, shown once."""
    asked = TokenForm(request.POST if request.method == "POST" else None)
    made = None
    if request.method == "POST" and asked.is_valid():
        confirming.demand(request)
        given = asked.cleaned_data
        try:
            made = tokens.make(user=_reader(request), at=clock.now(), **given)
        except tokens.RefusedError as why:
            asked.add_error(None, str(why))
        else:
            asked = TokenForm()
    context = {
        "title": "Your account",
        "made": made,
        "second_factor": second_factor.is_set_up(_reader(request)),
        "sessions": open_sessions.of(request, _reader(request)),
        "tokens": tokens.living(_reader(request), clock.now()),
        "form": asked,
        "csrf_token": get_token(request),
    }
    answer = pages.plain(request, "account/profile.html", context)
    answer.status_code = 422 if asked.errors else 200
    return answer


@require_POST
def end_token(request: HttpRequest, id_: int) -> HttpResponse:
    """End one of one's own tokens at once."""
    ended = tokens.end(user=_reader(request), id_=id_, at=clock.now())
    messages.success(request, f"“{ended.name}” lets nobody in any more.")
    return redirect("profile")


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


def _reader(request: HttpRequest) -> User:
    """Who is signed in, which every page but the login's own takes."""
    assert isinstance(request.user, User)
    return request.user


def _back(request: HttpRequest) -> str:
    """Where the form was, as long as that is here."""
    asked = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if here else "/"
