"""HTTP in, HTML out: one's second factor and one's open sessions."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from revops_site.kernel.entry import confirming, open_sessions
from revops_site.kernel.entry import second_factor as factor
from revops_site.kernel.models import User
from revops_site.kernel.sealing import BrokenSealError, seal, unseal

KEPT = "second_factor_to_be"


class CodeForm(forms.Form):
    """What the app on the phone shows."""

    code = forms.CharField(
        label="Code of the app",
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up the second factor, make its recovery codes anew, or take it off."""
    user = reader(request)
    if factor.is_set_up(user):
        return _kept(request, user)
    return _to_be(request, user)


@require_POST
def end_session(request: HttpRequest, id_: int) -> HttpResponse:
    """Sign one of one's own devices out."""
    device = open_sessions.end(request, reader(request), id_)
    messages.success(request, f"{device} is signed out.")
    return redirect("profile")


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign all of one's own devices out but this one."""
    count = open_sessions.end_others(request, reader(request))
    messages.success(request, f"Signed out everywhere else: {count}.")
    return redirect("profile")


def reader(request: HttpRequest) -> User:
    """Who is signed in, which every page but the login's own takes."""
    assert isinstance(request.user, User)
    return request.user


def _to_be(request: HttpRequest, user: User) -> HttpResponse:
    """The picture and the secret for the phone, and the proof that it has them."""
    confirming.demand(request)
    shared = _secret(request)
    asked = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and asked.is_valid():
        try:
            codes = factor.set_up(user, shared, asked.cleaned_data["code"])
        except ValidationError as why:
            asked.add_error("code", why)
        else:
            del request.session[KEPT]
            request.session.cycle_key()
            record_authentication(request, user, "mfa", type="totp")
            return _told(request, user, codes, is_new=True)
    context = {
        "title": "Set up your second factor",
        "form": asked,
        "picture": factor.picture(user, shared),
        "secret": " ".join(shared[start : start + 4] for start in range(0, len(shared), 4)),
        "must": confirming.needs_second_factor(request),
        "csrf_token": get_token(request),
    }
    answer = render(request, "account/second_factor_setup.html", context)
    answer.status_code = 422 if asked.errors else 200
    return answer


def _kept(request: HttpRequest, user: User) -> HttpResponse:
    """What there is, and the two things that can be done about it."""
    must = user.role in settings.SECOND_FACTOR_ROLES
    deed = request.POST.get("deed", "")
    if deed:
        confirming.demand(request)
    if deed == "new":
        return _told(request, user, factor.new_codes(user), is_new=False)
    if deed == "remove" and not must:
        factor.remove(user, by=user)
        request.session.cycle_key()
        messages.success(request, "You sign in with your password alone from now on.")
        return redirect("profile")
    context = {
        "title": "Your second factor",
        "kept": factor.since(user),
        "left": factor.codes_left(user),
        "must": must,
        "csrf_token": get_token(request),
    }
    answer = render(request, "account/second_factor.html", context)
    answer.status_code = 422 if request.method == "POST" else 200
    return answer


def _told(request: HttpRequest, user: User, codes: list[str], *, is_new: bool) -> HttpResponse:
    """The recovery codes, which no other answer will ever hold."""
    context = {"title": "Your recovery codes", "codes": codes, "is_new": is_new}
    return render(request, "account/recovery_codes.html", context)


def _secret(request: HttpRequest) -> str:
    """The secret that is offered to this session's phone, until it is proved."""
    try:
        return unseal(request.session[KEPT])
    except (KeyError, BrokenSealError):
        made = factor.secret()
        request.session[KEPT] = seal(made)
        return made
