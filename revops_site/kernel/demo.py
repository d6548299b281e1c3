"""The people of the demo: one for each role, whose random passwords stay on this machine."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db.models import Count

from revops_site.kernel.models import Rep, Team, User

TEAM = "Demo team"


@dataclass(frozen=True)
class Login:
    """How somebody logs in to the demo."""

    role: str
    username: str
    password: str


class TakenError(Exception):
    """A person who is not of the demo has the name of one who is."""


def people(passwords: Mapping[str, str]) -> list[Login]:
    """One demo user a role, named after it, with the password that it had before if it had one.

    The manager leads the largest team of the data, and the rep sells in it. Raises TakenError.
    """
    reps = _team()
    return [_person(role, passwords.get(role), reps) for role in (role.value for role in User.Role)]


def set_aside(path: Path) -> dict[str, str]:
    """User name → password, as the file of the last run has them.

    The file is set aside until the server answers again, since it says that it does.
    """
    last = path.with_suffix(".last")
    if path.exists():
        path.replace(last)
    with suppress(OSError, ValueError, KeyError, TypeError):
        users = json.loads(last.read_text())["users"]
        return {user["username"]: user["password"] for user in users}
    return {}


def write(path: Path, url: str, logins: Iterable[Login]) -> None:
    """Leave address and logins in a file that only its owner reads; it appears whole."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_text(json.dumps({"url": url, "users": [asdict(login) for login in logins]}, indent=1))
    new.rename(path)


def _team() -> list[Rep]:
    """The reps of the largest team, whom the demo's manager leads; one is made where none is."""
    largest = Team.objects.annotate(size=Count("reps")).order_by("-size", "name").first()
    if largest is None or not largest.size:
        return _made_up_team()
    return list(largest.reps.order_by("rep_id"))


def _made_up_team() -> list[Rep]:
    """Every other rep of the data as a team; where they name no rep, one is made."""
    if not Rep.objects.exists():
        Rep.objects.create(rep_id="demo-rep", name="Demo Rep")
    team, _ = Team.objects.get_or_create(name=TEAM)
    chosen = list(Rep.objects.filter(team=None).order_by("rep_id"))[::2]
    Rep.objects.filter(pk__in=[rep.pk for rep in chosen]).update(team=team)
    return list(team.reps.order_by("rep_id"))


def _person(role: str, password: str | None, reps: list[Rep]) -> Login:
    user = User.objects.filter(username=role).first() or User(username=role, is_demo=True)
    if not user.is_demo:
        raise TakenError(f"There is a user {role} who is not of the demo: use another database.")
    kept = bool(user.pk and password and user.check_password(password))
    login = Login(role, role, password if kept and password else secrets.token_urlsafe(12))
    if kept:
        return login
    user.role, user.email, user.is_active = role, f"{role}@example.com", True
    user.first_name, user.last_name = "Demo", User.Role(role).label
    user.team = reps[0].team if role == User.Role.MANAGER and reps else None
    user.rep = reps[0] if role == User.Role.REP and reps else None
    user.set_password(login.password)
    user.save()
    return login
