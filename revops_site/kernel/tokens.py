"""The programs' door: tokens that people make for them, and what lets them in.

A program is whoever made its token, sees what they see, and may do no more than the token says.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse

from revops_site.kernel import audit, clock, problems
from revops_site.kernel.accounts import Backend
from revops_site.kernel.middleware import SAFE, Handler
from revops_site.kernel.models import ApiToken, User

FILES = (".json", ".csv", ".xlsx")
PREFIX = "revops_"  # so that scanners of code find one that was left there
MOST = 20  # that one person can have at a time
DAYS = (30, 90, 365)
USE_NOTED_EVERY = timedelta(minutes=1)


class RefusedError(Exception):
    """There is no token to be had; the text says why."""


class Made(NamedTuple):
    """A new token, which is readable now and never again."""

    secret: str
    kept: ApiToken


def make(*, user: User, name: str, scope: str, days: int, at: datetime) -> Made:
    """Make a token of this person's; RefusedError where they have too many, or the name is none."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        raise RefusedError("Give the token a name of up to 80 characters, such as its program's.")
    if scope not in ApiToken.Scope.values or days not in DAYS:
        raise RefusedError("There is no such scope or duration.")
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if len(living(user, at)) >= MOST:
            raise RefusedError(f"You have {MOST} tokens already: end one of them first.")
        kept = ApiToken.objects.create(
            user=user,
            name=name,
            begins=secret[:12],
            digest=_digest(secret),
            scope=scope,
            made_at=at,
            expires_at=at + timedelta(days=days),
        )
        audit.record("API token made", user=user, target=str(kept), scope=scope, days=days)
    return Made(secret, kept)


def living(user: User, at: datetime) -> Sequence[ApiToken]:
    """A person's tokens that let a program in, newest first."""
    return [*ApiToken.objects.filter(user=user, ended_at=None, expires_at__gt=at)]


def end(*, user: User, id_: int, at: datetime) -> ApiToken:
    """End one of a person's own tokens at once; Http404 where they have none such."""
    with transaction.atomic():
        found = ApiToken.objects.select_for_update().filter(pk=id_, user=user).first()
        if found is None:
            raise Http404("You have no such token.")
        if found.ended_at is None:
            found.ended_at = at
            found.save(update_fields=["ended_at"])
            audit.record("API token ended", user=user, target=str(found))
    return found


def known(secret: str) -> ApiToken | None:
    """The token that this is or was; whether it lets its owner in is for ``is_good`` to say."""
    found = ApiToken.objects.filter(digest=_digest(secret))
    return found.select_related("user__team", "user__rep").first()


def is_good(token: ApiToken, at: datetime) -> bool:
    """Whether a token still lets its owner in."""
    is_over = token.ended_at is not None or token.expires_at <= at
    return not is_over and Backend().user_can_authenticate(token.user)


class TokenLogin:
    """Signs a program in for one request: to the API, or to read the file of a panel.

    Pages are for people: there a token opens nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = problems.is_asked(request)
        is_read = request.method in SAFE
        if not is_api and not (is_read and request.path.endswith(FILES)):
            return self.get_response(request)
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer":
            at = clock.now()
            found = known(secret.strip())
            # Whom a refusal is put down to; they are not signed in by it.
            request.token_owner = found.user if found else None  # type: ignore[attr-defined]
            if found is None or not is_good(found, at):
                return problems.answer(401, "This token is unknown, ended or out of date.")
            if found.scope == ApiToken.Scope.READ and not is_read:
                return problems.answer(403, "This token may only read.")
            _note(found, at)
            _sign_in(request, found)
        elif is_api and not request.user.is_authenticated:
            return problems.answer(401, "Sign in, or send a token: Authorization: Bearer …")
        return self.get_response(request)


def _sign_in(request: Any, token: ApiToken) -> None:
    """No cookie brought the program here, so nobody can have been made to send one."""
    request.user = token.user
    request.token = token
    request._dont_enforce_csrf_checks = True


def _note(token: ApiToken, at: datetime) -> None:
    if token.used_at is None or at - token.used_at > USE_NOTED_EVERY:
        with suppress(DatabaseError), transaction.atomic():  # what is read is read without it
            ApiToken.objects.filter(pk=token.pk).update(used_at=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
