"""Mails that let somebody in: written and sent in the background, sealed while they wait.

Whoever asks for a password reset waits for the same work whether there is an account or not.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.forms import ResetPasswordForm
from allauth.account.utils import filter_users_by_email, user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.urls import reverse
from procrastinate.contrib.django import app

from revops_site.kernel import audit
from revops_site.kernel.models import User
from revops_site.kernel.sealing import seal, unseal

POST = "revops_site.kernel.tasks.post_letter"
RESET = "revops_site.kernel.tasks.post_reset"
ALARM = "revops_site.kernel.tasks.post_alarm"
ONCE = (POST, RESET, ALARM)  # what may have been sent where a worker died, and must not be twice
SUBJECT = "Choose a new password"
TEXT = """Somebody, you or not, asked for a new password for your account {name} at {site}

Choose one here; the link works once, for three days:

{link}

If it was not you, do nothing: your password stays as it is.
"""


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for an address, and does not look whether anybody has it."""

    def clean_email(self) -> str:
        """The address as it was typed."""
        return str(self.cleaned_data["email"]).strip()

    def save(self, request: HttpRequest, **asked: Any) -> str:
        """Have the link sent to whoever has the address."""
        email: str = self.cleaned_data["email"]
        site = site_of(request)
        name = User.objects.account_name({"email": email})
        audit.record(audit.RESET_ASKED, target=name, request=request)
        app.configure_task(RESET).defer(sealed=seal(json.dumps({"email": email, "site": site})))
        return email


def site_of(request: HttpRequest) -> str:
    """The address that people reach the product by, without a slash at its end."""
    return (settings.PUBLIC_URL or request.build_absolute_uri("/")).rstrip("/")


def post_soon(to: str, subject: str, text: str) -> None:
    """Have a mail sent when this transaction has committed."""
    letter = {"to": to, "subject": subject, "text": text}
    app.configure_task(POST).defer(sealed=seal(json.dumps(letter)))


def post(sealed: str) -> None:
    """Send one."""
    letter = json.loads(unseal(sealed))
    send_mail(letter["subject"], letter["text"], settings.DEFAULT_FROM_EMAIL, [letter["to"]])


def post_reset(sealed: str) -> None:
    """Send the link to whoever has the address, if anybody may log in with it."""
    asked = json.loads(unseal(sealed))
    for person in filter_users_by_email(asked["email"], is_active=True, prefer_verified=True):
        key = f"{user_pk_to_url_str(person)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}"
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        text = TEXT.format(
            name=person.get_username(), site=asked["site"], link=asked["site"] + path
        )
        send_mail(SUBJECT, text, settings.DEFAULT_FROM_EMAIL, [person.email])
