"""The second factor: a code of an app on the phone, or one of the codes kept for when it is lost.

Each code works once, whichever process is asked: what was used is written down under a lock on the
account. Secrets are sealed, recovery codes are kept as digests.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from datetime import timedelta
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare

from revops_site.kernel import audit, clock
from revops_site.kernel.auditing.rations import Ration
from revops_site.kernel.models import AuditEvent, User
from revops_site.kernel.sealing import seal, unseal

TOTP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES
STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off, either way
RECOVERY_CODES = 10
QUARTER_HOUR, HOUR = timedelta(minutes=15), timedelta(hours=1)
MOST_IN_A_QUARTER, MOST_IN_AN_HOUR = 5, 10
REFUSED = Ration(first=1, most=100)  # rows of codes that nobody looked at
WRONG = "That code is wrong, was used already, or is out of date: wait for the next one."
TOO_MANY = "Too many wrong codes. Wait a quarter of an hour, then try again."


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What of allauth's second factor is this product's own: secrets are sealed."""

    def encrypt(self, text: str) -> str:
        """A secret as it may be stored."""
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret that was sealed."""
        return unseal(encrypted_text)


class OneCode(AuthenticateForm):  # type: ignore[misc]
    """Asks for one code, of the phone or of the paper."""

    def clean_code(self) -> str:
        """The code; ValidationError where it lets nobody in."""
        code = str(self.cleaned_data["code"])
        used = check(self.user, code)
        self.authenticator = used
        return code


class SignInCode(OneCode):
    """The second half of a login."""


class ConfirmingCode(OneCode):
    """A code in place of the password, where somebody says again who they are."""

    save = ReauthenticateForm.save


def secret() -> str:
    """A new secret to be shared with a phone, base32, 160 bits."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def picture(user: User, shared: str) -> str:
    """The secret as a QR code: a data URI of an SVG, which the content policy lets show."""
    adapter = Adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, shared))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def is_set_up(user: User) -> bool:
    """Whether this person has one."""
    return bool(Authenticator.objects.filter(user=user, type=TOTP).exists())


def since(user: User) -> Authenticator | None:
    """The phone's half of this person's, with when it was set up and last used."""
    return Authenticator.objects.filter(user=user, type=TOTP).first()


def codes_left(user: User) -> int:
    """How many recovery codes this person has not used."""
    kept = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return len(kept.data["digests"]) if kept else 0


def set_up(user: User, shared: str, code: str) -> list[str]:
    """Keep the secret that this code proves a phone to have; the recovery codes, told this once.

    ValidationError where the code is not of this secret, or there is a second factor already.
    """
    step = _step(shared, code, after=0)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if is_set_up(user):
            raise ValidationError("You have a second factor already.")
        if step is not None:
            data = {"secret": seal(shared), "step": step}
            Authenticator.objects.create(user=user, type=TOTP, data=data, created_at=clock.now())
            audit.record("second factor set up", user=user, target=user.username)
            return _new_codes(user)
    raise ValidationError(WRONG)


def new_codes(user: User) -> list[str]:
    """Make the recovery codes anew, told this once; the old ones let nobody in any more."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if not is_set_up(user):
            raise ValidationError("Set up the second factor first.")
        made = _new_codes(user)
        audit.record("recovery codes made", user=user, target=user.username)
    return made


def remove(user: User, *, by: User | None) -> None:
    """Take the second factor off an account, with its codes; where another did, sessions end."""
    with transaction.atomic():
        owner = User.objects.select_for_update().get(pk=user.pk)
        Authenticator.objects.filter(user=owner).delete()
        if by is None or by.pk != owner.pk:
            owner.rights_changes += 1
            User.objects.filter(pk=owner.pk).update(rights_changes=owner.rights_changes)
        audit.record("second factor removed", user=by, target=owner.username)


def check(user: User, code: str) -> Authenticator:
    """The half that this code belongs to, which it then is used up of; ValidationError for none."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        too_many = _guessed_too_often(user)
        found = None if too_many else _matching(user, code)
        if too_many and (count := REFUSED.due(user.username, "")):
            audit.record(audit.CODE_REFUSED, target=user.username, refusals_in_a_minute=count)
        elif found is None and not too_many:
            audit.record(audit.CODE_FAILED, target=user.username)
    if found is None:
        raise ValidationError(TOO_MANY if too_many else WRONG)
    return found


def _guessed_too_often(user: User) -> bool:
    failed = AuditEvent.objects.filter(action=audit.CODE_FAILED, target=user.username)
    now = clock.now()
    return (
        failed.filter(at__gt=now - QUARTER_HOUR).count() >= MOST_IN_A_QUARTER
        or failed.filter(at__gt=now - HOUR).count() >= MOST_IN_AN_HOUR
    )


def _matching(user: User, code: str) -> Authenticator | None:
    halves = {half.type: half for half in Authenticator.objects.filter(user=user)}
    phone, paper = halves.get(TOTP), halves.get(RECOVERY)
    if phone is not None:
        step = _step(unseal(phone.data["secret"]), code, after=phone.data["step"])
        if step is not None:
            phone.data["step"] = step
            phone.save(update_fields=["data"])
            return phone
    digest = _digest(code)
    if paper is not None and digest in paper.data["digests"]:
        paper.data["digests"].remove(digest)
        paper.save(update_fields=["data"])
        audit.record("recovery code used", user=user, left=len(paper.data["digests"]))
        return paper
    return None


def _step(shared: str, code: str, *, after: int) -> int | None:
    """The half minute that this code is of, if it is about now and later than the last used."""
    given = re.sub(r"\s", "", code)
    about = int(clock.now().timestamp()) // STEP_SECONDS
    for step in range(about - DRIFT, about + DRIFT + 1):
        right = format_hotp_value(hotp_value(shared, step))
        if step > after and constant_time_compare(given, right):
            return step
    return None


def _new_codes(user: User) -> list[str]:
    made = [_readable(secrets.token_bytes(10)) for _ in range(RECOVERY_CODES)]
    data: dict[str, Any] = {"digests": [_digest(code) for code in made]}
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    Authenticator.objects.create(user=user, type=RECOVERY, data=data, created_at=clock.now())
    return made


def _readable(raw: bytes) -> str:
    """80 bits in four groups of letters and digits."""
    text = base64.b32encode(raw).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _digest(code: str) -> str:
    """Of 80 random bits a plain digest tells nothing."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()
