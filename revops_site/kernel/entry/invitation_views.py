"""HTTP in, HTML out: asking people in, and coming in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import (
    password_validators_help_text_html,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from revops_site.kernel import clock, pages
from revops_site.kernel.entry import invitations, letters
from revops_site.kernel.entry.confirming import confirmed
from revops_site.kernel.entry.views import reader
from revops_site.kernel.models import Rep, Team, User
from revops_site.kernel.permissions import needs


class InviteForm(forms.Form):
    """Whom to ask in, and what they will see."""

    email = forms.EmailField(label="E-mail", max_length=254)
    role = forms.ChoiceField(label="Role")
    rep = forms.ModelChoiceField(
        Rep.objects.filter(user=None).order_by("name"),
        required=False,
        empty_label="Nobody’s",
        label="Deals of",
        help_text="For a rep: whose deals they are.",
    )
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"),
        required=False,
        empty_label="None",
        label="Team",
        help_text="For a manager: the team that they lead.",
    )

    def __init__(self, *args: Any, by: User, **named: Any) -> None:
        super().__init__(*args, **named)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = invitations.roles(by)
        role.initial = User.Role.VIEWER


class ComeInForm(forms.Form):
    """Who one is, and the password that one will sign in with."""

    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html,
    )
    again = forms.CharField(
        label="Password, again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **named: Any) -> None:
        super().__init__(*args, **named)
        self.email = email

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same one, and it will do."""
        given = self.cleaned_data
        if "password" in given and given.get("again") != given["password"]:
            self.add_error("again", "This is not the password above.")
        about = User(
            username=self.email.partition("@")[0],
            email=self.email,
            first_name=given.get("first_name", ""),
            last_name=given.get("last_name", ""),
        )
        try:
            validate_password(given.get("password", ""), about)
        except ValidationError as why:
            self.add_error("password", why)
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@needs("invite people")
@confirmed
def invite(request: HttpRequest) -> HttpResponse:
    """Who was asked in and has not come yet; a post asks somebody."""
    by = reader(request)
    asked = InviteForm(request.POST if request.method == "POST" else None, by=by)
    if request.method == "POST" and asked.is_valid():
        site, at = letters.site_of(request), clock.now()
        try:
            made = invitations.invite(by=by, site=site, at=at, **asked.cleaned_data)
        except ValidationError as why:
            asked.add_error(None, why)
        else:
            messages.success(request, f"{made.email} is invited as {made.get_role_display()}.")
            return redirect("invitations")
    context = {
        "title": "Invitations",
        "form": asked,
        "waiting": invitations.waiting(clock.now()),
        "csrf_token": get_token(request),
    }
    answer = pages.plain(request, "account/invitations.html", context)
    answer.status_code = 422 if asked.errors else 200
    return answer


@require_POST
@needs("invite people")
@confirmed
def withdraw(request: HttpRequest, id_: int) -> HttpResponse:
    """End an invitation."""
    ended = invitations.withdraw(by=reader(request), id_=id_, at=clock.now())
    messages.success(request, f"The link that {ended.email} got works no more.")
    return redirect("invitations")


@sensitive_post_parameters()
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Choose a name and a password, once."""
    found = invitations.by_link(secret, clock.now())
    if found is None:
        return render(request, "account/invitation_over.html", status=404)
    asked = ComeInForm(request.POST if request.method == "POST" else None, email=found.email)
    if request.method == "POST" and asked.is_valid():
        given = asked.cleaned_data
        try:
            invitations.accept(
                found,
                first_name=given["first_name"],
                last_name=given["last_name"],
                password=given["password"],
                at=clock.now(),
            )
        except ValidationError as why:
            asked.add_error(None, why)
        else:
            messages.success(request, "Your account is made. Sign in with your e-mail address.")
            return redirect("account_login")
    context = {"form": asked, "invitation": found, "csrf_token": get_token(request)}
    status = 422 if asked.errors else 200
    return render(request, "account/invitation.html", context, status=status)
