"""``manage.py serve``: the web server and the background worker under one launcher."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from insights.management.serving import ServingCommand
from revops_site import preparations


class Command(ServingCommand):
    """Serves what is there; a database that lacks migrations is refused, not changed."""

    help = "Start the web server and the background worker, until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, for how long, and whether to do the jobs, too."""
        super().add_arguments(parser)
        parser.add_argument(
            "--web-only",
            action="store_true",
            help="without the worker, which runs elsewhere: manage.py procrastinate worker",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check first, so that what is missing is told in a sentence."""
        address = self.address(options)
        self.prepare(preparations.database, preparations.tables, preparations.static_files)
        self.serve(
            address,
            lambda: self.stdout.write(f"Ready on {address.url} (Ctrl-C stops everything)"),
            with_parent=options["with_parent"],
            works=not options["web_only"],
        )
        self.stdout.write("Stopped.")
