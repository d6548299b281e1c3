"""``manage.py privacy``: give out, or take out, what is kept of a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from revops_site.kernel import privacy


class Command(BaseCommand):
    """Export or anonymise a person."""

    help = "Export all that is kept of a person to a ZIP file, or put a pseudonym in their place."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, and what to do."""
        parser.add_argument("deed", choices=["export", "anonymise"])
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument(
            "--name", action="append", default=[], help="a further name that means them in texts"
        )
        parser.add_argument("--output", type=Path, default=Path("person.zip"), help="of export")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        try:
            person = privacy.find(options["email"], options["name"])
        except ValidationError as why:
            raise CommandError(" ".join(why.messages)) from why
        if options["deed"] == "export":
            options["output"].write_bytes(privacy.export(person, by=None))
            self.stdout.write(f"Written to {options['output']}.")
            return
        done = privacy.anonymise(person, by=None)
        for table, count in sorted(done.rows.items()):
            self.stdout.write(f"{table}: {count:,}")
        self.stdout.write(f"They are “{done.pseudonym}” from now on.")
