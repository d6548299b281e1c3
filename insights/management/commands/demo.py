"""``manage.py demo``: from an empty database to the product with data and people, served."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from rich.console import Console
from rich.table import Table

from insights.management.serving import CANNOT_START, ServingCommand
from pipeline import tasks
from revops_site import preparations
from revops_site.kernel import clock, demo
from revops_site.kernel.models import DataLoad

SEED = 7


class Command(ServingCommand):
    """Prepares what is missing, keeps what is there, then serves."""

    help = "Start the product with made-up data and one person for each role."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and which made-up company."""
        super().add_arguments(parser)
        parser.add_argument("--seed", type=int, default=SEED, help="another number, other data")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then serve until Ctrl-C or SIGTERM."""
        if not settings.REVOPS_DEMO:
            raise CommandError(
                "The demo runs only with REVOPS_DEMO=1, since it makes up data and people.",
                returncode=CANNOT_START,
            )
        address = self.address(options)
        var = Path(settings.VAR)
        told = var / "demo.json"
        passwords = demo.set_aside(told)
        self._step("Starting the database", preparations.database)
        self._step("Creating its tables", preparations.newest_tables)
        self._step("Collecting static files", preparations.static_files)
        if not DataLoad.objects.exists():
            self._load(options["seed"])
        try:
            logins = demo.people(passwords)
        except demo.TakenError as error:
            raise CommandError(str(error), returncode=CANNOT_START) from error

        def tell() -> None:
            demo.write(told, address.url, logins)
            self._print(address.url, logins)

        self.serve(address, tell, with_parent=options["with_parent"])
        self.stdout.write("Stopped; the data are kept in var/.")

    def _step(self, name: str, step: Callable[[], Any]) -> None:
        self.stdout.write(f"{name} …")
        self.prepare(step)

    def _load(self, seed: int) -> None:
        self.stdout.write("Making up a company and loading its files …")
        yesterday = clock.today() - timedelta(days=1)
        call_command("ingest", regenerate=True, seed=seed, as_of=yesterday.isoformat())
        # The worker keeps its past days while somebody looks around.
        tasks.keep_snapshots.defer()

    def _print(self, url: str, logins: list[demo.Login]) -> None:
        table = Table(title=f"RevOps Control Center: {url}", title_style="bold", min_width=46)
        for heading in ("Role", "User name", "Password"):
            table.add_column(heading)
        for login in logins:
            table.add_row(login.role, login.username, login.password)
        Console(file=self.stdout, soft_wrap=True).print(table)  # type: ignore[arg-type]
        self.stdout.write("Ctrl-C stops everything.")
