"""People are asked in by mail: a link good once, until it expires or is withdrawn."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from revops_site.kernel import audit
from revops_site.kernel.entry import letters
from revops_site.kernel.models import Invitation, Rep, Team, User
from revops_site.kernel.permissions import may

SUBJECT = "You are invited to the RevOps Control Center"
TEXT = """{by} invites you to {site} as {role}.

Choose your password here; the link works once, until {until}:

{link}

If you do not know what this is about, do nothing.
"""
KEPT = timedelta(days=30)
NEEDS = {
    "rep": ("rep", "A rep sees the rows of one rep: say whose."),
    "manager": ("team", "A manager sees the rows of one team: say which."),
}


def roles(by: User) -> list[tuple[str, str]]:
    """The roles that this person may give: nobody gives more than they have."""
    among = User.Role.choices
    return among if by.role == User.Role.ADMIN else [one for one in among if one[0] != "admin"]


def invite(
    *, by: User, email: str, role: str, rep: Rep | None, team: Team | None, site: str, at: datetime
) -> Invitation:
    """Ask somebody in; ValidationError, by field, says why it cannot be done.

    An earlier invitation of the same address that is open ends: its link works no more.
    """
    if not may(by, "invite people"):
        raise Http404("There is no such page.")
    email = email.strip()
    validate_email(email)
    field, reason = NEEDS.get(role, ("", ""))
    if role not in dict(roles(by)):
        raise ValidationError({"role": "You cannot give this role."})
    if field and not {"rep": rep, "team": team}[field]:
        raise ValidationError({field: reason})
    if User.objects.filter(Q(email__iexact=email) | Q(username__iexact=email)).exists():
        raise ValidationError({"email": "Somebody with this address has an account already."})
    if role == "rep" and rep is not None and User.objects.filter(rep=rep).exists():
        raise ValidationError({"rep": "This rep has an account already."})
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(email__iexact=email, ended_at=None).update(ended_at=at)
        made = Invitation.objects.create(
            email=email,
            role=role,
            rep=rep if role == "rep" else None,
            team=team if role == "manager" else None,
            digest=_digest(secret),
            invited_by=by,
            made_at=at,
            expires_at=at + timedelta(days=settings.INVITATION_DAYS),
        )
        link = site + reverse("account_invitation", args=[secret])
        until = f"{made.expires_at:%Y-%m-%d %H:%M} UTC"
        text = TEXT.format(by=by, site=site, role=made.get_role_display(), until=until, link=link)
        letters.post_soon(email, SUBJECT, text)
        audit.record(
            "invited", user=by, target=email, role=role, rep=rep and rep.pk, team=str(team or "")
        )
    return made


def waiting(at: datetime) -> Sequence[Invitation]:
    """The invitations that nobody has accepted yet, newest first."""
    found = Invitation.objects.filter(ended_at=None, expires_at__gt=at)
    return [*found.select_related("rep", "team", "invited_by")]


def withdraw(*, by: User, id_: int, at: datetime) -> Invitation:
    """End an invitation, so that its link works no more; Http404 for none."""
    with transaction.atomic():
        found = Invitation.objects.select_for_update().filter(pk=id_, ended_at=None).first()
        if found is None or not may(by, "invite people"):
            raise Http404("There is no such invitation.")
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        audit.record("invitation withdrawn", user=by, target=found.email)
    return found


def by_link(secret: str, at: datetime) -> Invitation | None:
    """The invitation that this link is of, while it may be accepted."""
    found = Invitation.objects.filter(digest=_digest(secret), ended_at=None, expires_at__gt=at)
    return found.select_related("rep", "team").first()


def of_address(email: str, at: datetime) -> Invitation | None:
    """The invitation of this address, while it may be accepted."""
    return Invitation.objects.filter(email__iexact=email, ended_at=None, expires_at__gt=at).first()


def accept(
    found: Invitation, *, first_name: str, last_name: str, password: str | None, at: datetime
) -> User:
    """Make the account; ValidationError where the invitation was used meanwhile or cannot be kept.

    Without a password the account is one of single sign-on alone.
    """
    with transaction.atomic():
        one = Invitation.objects.select_for_update().get(pk=found.pk)
        if one.ended_at is not None or one.expires_at <= at:
            raise ValidationError("This invitation was used already, or was withdrawn.")
        if one.rep_id and User.objects.filter(rep_id=one.rep_id).exists():
            raise ValidationError("Somebody else has this rep's account: ask for an invitation.")
        if User.objects.filter(email__iexact=one.email).exists():
            raise ValidationError("There is an account with this address: sign in.")
        person = User.objects.create_user(
            free_name(one.email),
            one.email,
            password,
            role=one.role,
            rep_id=one.rep_id,
            team_id=one.team_id,
            first_name=first_name,
            last_name=last_name,
        )
        one.ended_at, one.accepted_by = at, person
        one.save(update_fields=["ended_at", "accepted_by"])
        audit.record("invitation accepted", user=person, target=one.email, role=one.role)
    return person


def forget_old(at: datetime) -> int:
    """Delete the invitations that ended, or ran out, a month ago; how many there were."""
    ended = Q(ended_at__lt=at - KEPT) | Q(expires_at__lt=at - KEPT)
    count, _ = Invitation.objects.filter(ended).delete()
    return count


def free_name(email: str) -> str:
    """A user name like the address's beginning, that nobody has."""
    wanted = re.sub(r"[^a-z0-9._-]", "", email.partition("@")[0].casefold())[:100] or "person"
    taken = set(
        User.objects.filter(username__istartswith=wanted).values_list("username", flat=True)
    )
    names = (wanted if n == 1 else f"{wanted}{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in {one.casefold() for one in taken})


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
