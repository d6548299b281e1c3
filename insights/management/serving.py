"""What the commands that serve have in common: where to listen, what to check, how it ends."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from revops_site import launcher, preparations
from revops_site.address import Address, AddressTakenError

CANNOT_START = 2


class ServingCommand(BaseCommand):
    """A command that serves until Ctrl-C or SIGTERM; exit code 2 where it cannot start."""

    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to listen, and for how long."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--with-parent",
            action="store_true",
            help="stop too when the process ends that started this one",
        )

    def address(self, options: dict[str, Any]) -> Address:
        """The address asked for; CommandError where nobody could listen there."""
        name = settings.ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
        address = Address(options["host"], options["port"], name)
        try:
            address.check()
        except AddressTakenError as error:
            raise CommandError(str(error), returncode=CANNOT_START) from error
        return address

    def prepare(self, *steps: Callable[[], None]) -> None:
        """Go through the steps; CommandError with what is missing."""
        try:
            for step in steps:
                step()
        except preparations.NotReadyError as error:
            raise CommandError(str(error), returncode=CANNOT_START) from error

    def serve(
        self,
        address: Address,
        on_ready: Callable[[], None],
        *,
        with_parent: bool,
        beside: Sequence[launcher.Child] = (),
        works: bool = True,
    ) -> None:
        """Run web server and worker until told to stop, and what else is to run beside them.

        Where it does not work, another program of the same database is the worker.
        """
        connections.close_all()
        shutil.rmtree(settings.METERS, ignore_errors=True)  # of a start that was killed
        try:
            launcher.run(
                address,
                [
                    launcher.web_server(address, settings.WEB_WORKERS),
                    *([launcher.worker()] if works else []),
                    *beside,
                ],
                keep_database=preparations.keep_database,
                on_ready=on_ready,
                with_parent=with_parent,
            )
        finally:
            shutil.rmtree(settings.METERS, ignore_errors=True)
