"""Single sign-on by OpenID Connect: the provider says who it is, the product says who may come in.

In come those who have an account, those who are invited, and, where a domain is allowed, whoever
has an address of it, as a viewer. An address counts only where the provider has verified it.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse

from revops_site.kernel import audit, clock
from revops_site.kernel.entry import invitations
from revops_site.kernel.models import User

PROVIDER = "sso"
REFUSED = "single sign-on refused"
UNVERIFIED = "The sign-in service has not verified your e-mail address."
UNKNOWN = "You have no account here. Ask an admin for an invitation."
SIGNED_OUT = "Sign out first."


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Decides who of those that the provider knows comes in, and as what."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are made here, or not at all."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find or make the account of a person whom the provider brings for the first time."""
        if sociallogin.state.get("process") != "login" or request.user.is_authenticated:
            raise _refused(request, sociallogin, SIGNED_OUT)
        if sociallogin.is_existing:
            return
        email = _verified(sociallogin)
        if not email:
            raise _refused(request, sociallogin, UNVERIFIED)
        person = User.objects.filter(email__iexact=email).first() or _newcomer(sociallogin, email)
        if person is None:
            raise _refused(request, sociallogin, UNKNOWN)
        sociallogin.connect(request, person)
        audit.record("single sign-on connected", user=person, request=request)


def offer() -> dict[str, str] | None:
    """Name and address of the way in by single sign-on; None where there is none."""
    if not settings.OIDC_ISSUER:
        return None
    url = reverse("openid_connect_login", kwargs={"provider_id": PROVIDER})
    return {"name": settings.OIDC_NAME, "url": url}


def _verified(sociallogin: Any) -> str:
    """The address that the provider vouches for; empty for none."""
    return next((one.email for one in sociallogin.email_addresses if one.verified), "")


def _newcomer(sociallogin: Any, email: str) -> User | None:
    """The account of somebody who is invited, or of an allowed domain."""
    at = clock.now()
    found = invitations.of_address(email, at)
    said = sociallogin.user
    if found is not None:
        try:
            return invitations.accept(
                found,
                first_name=said.first_name[:150],
                last_name=said.last_name[:150],
                password=None,
                at=at,
            )
        except ValidationError:
            return None
    if email.rpartition("@")[2].casefold() not in {one.casefold() for one in settings.OIDC_DOMAINS}:
        return None
    person = User.objects.create_user(
        invitations.free_name(email),
        email,
        None,
        role=User.Role.VIEWER,
        first_name=said.first_name[:150],
        last_name=said.last_name[:150],
    )
    audit.record("account made by single sign-on", user=person, target=person.username)
    return person


def _refused(request: HttpRequest, sociallogin: Any, why: str) -> ImmediateHttpResponse:
    audit.record(REFUSED, target=str(sociallogin.account.uid), request=request, why=why)
    page = render(request, "socialaccount/refused.html", {"why": why}, status=403)
    return ImmediateHttpResponse(page)
