"""Somebody who may log in: one account a name, and no session outlives the rights it began with."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from revops_site.kernel.permissions import may

if TYPE_CHECKING:
    from revops_site.kernel.models import User

RIGHTS = ("role", "is_active", "is_demo", "rep_id", "team_id")


def folded(name: str) -> str:
    """A name without its upper case, its accents and its look-alike forms."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).strip()


class People(UserManager["User"]):
    """Finds and makes people."""

    use_in_migrations = False

    def known_as(self, credentials: Mapping[str, Any]) -> User | None:
        """Whoever has this user name, else this e-mail address; capitals do not count."""
        name = unicodedata.normalize("NFKC", _name(credentials)).strip()
        if not name:
            return None
        found = list(self.filter(Q(username__iexact=name) | Q(email__iexact=name)))
        found.sort(key=lambda person: person.username.casefold() != name.casefold())
        return found[0] if found else None

    def account_name(self, credentials: Mapping[str, Any]) -> str:
        """What failures are counted under: the account's user name.

        A name that nobody has is told by its digest alone, since it may be a mistyped password.
        """
        person = self.known_as(credentials)
        if person is not None:
            return person.username
        digest = hashlib.sha256(folded(_name(credentials)).encode()).hexdigest()
        return f"unknown {digest[:16]}"

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> User:
        """What ``manage.py createsuperuser`` makes: an admin."""
        return self.create_user(username, email, password, role="admin", **fields)


def _name(credentials: Mapping[str, Any]) -> str:
    return str(credentials.get("username") or credentials.get("email") or "")


class Person(AbstractUser):
    """An account whose role decides; Django's own staff and superuser marks follow or are unused.

    A change of role, team, rep or activity ends the sessions that were open, for good: each adds
    one to ``rights_changes``, which the session's signature covers.
    """

    role: str
    is_demo: bool
    rights_changes = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[People] = People()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the account, and count one more change where its rights are others than before."""
        only: Iterable[str] | None = options.get("update_fields")
        if only is None or any(name in only or name.removesuffix("_id") in only for name in RIGHTS):
            self.is_staff = may(self, "enter admin")
            self.rights_changes += self._rights_differ()
            if only is not None:
                options["update_fields"] = {*only, "is_staff", "rights_changes"}
        super().save(*args, **options)

    def _rights_differ(self) -> bool:
        kept = type(self)._default_manager.filter(pk=self.pk).values_list(*RIGHTS).first()
        return kept is not None and kept != self._rights()

    def _rights(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in RIGHTS)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        password = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        signed = "|".join(map(str, (password, self.rights_changes, *self._rights())))
        hashed = salted_hmac("kernel.rights", signed, secret=secret, algorithm="sha256")
        return str(hashed.hexdigest())
