"""What the product holds while browsers look at it: one person a role, weeks of marketing."""

from __future__ import annotations

from pathlib import Path

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client

from revops_site.kernel.models import Rep, Team, User
from tests import marketing_days as marketing
from tests.conftest import PASSWORD

ROLES = {"ana": "rep", "bo": "manager", "dee": "revops", "vi": "viewer", "ad": "admin"}


def fill(folder: Path) -> None:
    """People, and data by the front door."""
    settle_people()
    assert marketing.load(folder).exit_code == 0


def settle_people() -> None:
    """Ana and her manager Bo of EMEA, Dee of RevOps, a viewer and an admin."""
    emea = Team.objects.create(name="EMEA")
    rep = Rep.objects.create(rep_id="ana", name="Ana Almeida", team=emea, region="EMEA")
    access: dict[str, dict[str, Rep | Team]] = {"ana": {"rep": rep}, "bo": {"team": emea}}
    for name, role in ROLES.items():
        User.objects.create_user(
            name,
            f"{name}@example.com",
            PASSWORD,
            role=role,
            first_name=name.title(),
            **access.get(name, {}),
        )


def clear() -> None:
    """Nothing and nobody, as after the first migration."""
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()


def session_of(name: str) -> str:
    """The cookie of somebody who has signed in, in the theme of the system."""
    user = User.objects.get(username=name)
    user.theme = ""
    user.save()
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def end_all_sessions() -> None:
    """As after a night, or a logout elsewhere."""
    Session.objects.all().delete()
