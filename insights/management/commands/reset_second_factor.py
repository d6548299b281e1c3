"""``manage.py reset_second_factor``: for somebody who lost the phone and the recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from revops_site.kernel.entry import second_factor
from revops_site.kernel.models import User


class Command(BaseCommand):
    """Take a second factor off an account."""

    help = "Take the second factor off an account; its sessions end, and it sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("username", help="the user name or e-mail address of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say so."""
        person = User.objects.known_as({"username": options["username"]})
        if person is None:
            raise CommandError("There is no such account.")
        second_factor.remove(person, by=None)
        self.stdout.write(f"{person.username} signs in by password, and sets up a new one.")
