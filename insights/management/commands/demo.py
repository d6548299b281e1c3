"""``manage.py demo``: from an empty database to the product with data and people, served."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import CommandError, CommandParser, call_command
from rich.console import Console
from rich.table import Table

from coaching import tasks as coaching
from insights import tasks as insights
from insights.catalog import DATASETS, SOURCES, source_named
from insights.management.serving import CANNOT_START, ServingCommand
from insights.management.simulating import Simulation, is_simulated
from insights.management.sinking import mail_sink
from pipeline import tasks
from pipeline.actions import terms
from revenue import tasks as revenue
from revops_site import preparations
from revops_site.address import Address
from revops_site.kernel import clock, demo, sync
from revops_site.kernel.models import DataLoad
from revops_site.kernel.sources import Source
from revops_site.kernel.world.process import PIPELINES, PROJECTS

SEED = 7
PROJECT_TERMS = 7  # days from the invoice of a project to its payment
# What a CRM does not know.
BESIDE = (
    *("benchmarks", "fx_rates", "holidays", "marketing_channels"),
    *("revenue_customers", "customer_mrr", "subscriptions"),
)
OTHER = (
    "var/ holds another demo: one with made-up deals, or one that syncs them. Name another folder "
    "in VAR_DIR; `make demo SOURCE=pipedrive` has one of its own."
)


class Command(ServingCommand):
    """Prepares what is missing, keeps what is there, then serves."""

    help = "Start the product with made-up data and one person for each role."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and which made-up company."""
        super().add_arguments(parser)
        parser.add_argument("--seed", type=int, default=SEED, help="another number, other data")
        parser.add_argument(
            "--source",
            choices=[source.name for source in SOURCES],
            help="sync deals from a simulated CRM, in place of made-up files of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, then serve until Ctrl-C or SIGTERM."""
        if not settings.REVOPS_DEMO:
            raise CommandError(
                "The demo runs only with REVOPS_DEMO=1, since it makes up data and people.",
                returncode=CANNOT_START,
            )
        address = self.address(options)
        simulation = Simulation() if options["source"] else None
        try:
            self._run(address, options, simulation)
        finally:
            if simulation:
                simulation.end()

    def _run(
        self, address: Address, options: dict[str, Any], simulation: Simulation | None
    ) -> None:
        var = Path(settings.VAR)
        told = var / "demo.json"
        passwords = demo.set_aside(told)
        self._step("Starting the database", preparations.database)
        self._step("Creating its tables", preparations.newest_tables)
        self._step("Collecting static files", preparations.static_files)
        is_new = not DataLoad.objects.exists()
        if not is_new and (simulation is not None) != is_simulated():
            raise CommandError(OTHER, returncode=CANNOT_START)
        if simulation:
            self._sync(source_named(options["source"]), simulation, options["seed"], is_new=is_new)
        elif is_new:
            self._load(options["seed"])
        try:
            logins = demo.people(passwords)
        except demo.TakenError as error:
            raise CommandError(str(error), returncode=CANNOT_START) from error

        def tell() -> None:
            demo.write(told, address.url, logins)
            self._print(address.url, logins)

        sink = mail_sink()
        beside = [child for child in (simulation and simulation.child, sink) if child]
        os.environ.setdefault("PUBLIC_URL", address.url)
        self.serve(address, tell, with_parent=options["with_parent"], beside=beside)
        self.stdout.write("Stopped; the data are kept in var/.")

    def _step(self, name: str, step: Callable[[], Any]) -> None:
        self.stdout.write(f"{name} …")
        self.prepare(step)

    def _load(self, seed: int) -> None:
        self.stdout.write("Making up a company and loading its files …")
        yesterday = clock.today() - timedelta(days=1)
        call_command("ingest", regenerate=True, seed=seed, as_of=yesterday.isoformat())
        terms.keep(PIPELINES[PROJECTS].id, payment_terms_days=PROJECT_TERMS)
        # While somebody looks around the worker looks for what is unusual, keeps past days, drafts
        # follow-ups, and writes what reps' figures mean.
        insights.keep_anomalies.defer()
        coaching.keep_insights.defer()
        tasks.keep_snapshots.defer()
        insights.keep_customer_health.defer()
        revenue.try_forecasts.defer()
        coaching.draft_follow_ups.defer()

    def _sync(self, source: Source, simulation: Simulation, seed: int, *, is_new: bool) -> None:
        """Connect the simulated CRM; the first time, read it, and make up what no CRM knows."""
        self.stdout.write(f"Starting a simulated {source.label} …")
        simulation.begin()
        simulation.connect(source)
        if not is_new:
            sync.start(source.name)
            return
        self.stdout.write("Making up marketing and customers, and syncing the deals …")
        yesterday = (clock.today() - timedelta(days=1)).isoformat()
        with TemporaryDirectory() as folder:
            call_command(
                "generate",
                output=folder,
                seed=seed,
                as_of=yesterday,
                only=list(BESIDE),
                stdout=StringIO(),
            )
            call_command("ingest", folder)
        done = sync.run(source, DATASETS)
        self.stdout.write(f"{done.records:,} records read, {done.changed:,} rows. {done.message}")

    def _print(self, url: str, logins: list[demo.Login]) -> None:
        table = Table(title=f"RevOps Control Center: {url}", title_style="bold", min_width=46)
        for heading in ("Role", "User name", "Password"):
            table.add_column(heading)
        for login in logins:
            table.add_row(login.role, login.username, login.password)
        Console(file=self.stdout, soft_wrap=True).print(table)  # type: ignore[arg-type]
        self.stdout.write("Ctrl-C stops everything.")
