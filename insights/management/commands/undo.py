"""``manage.py undo``: takes back the newest load of a dataset."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.catalog import DATASETS
from revops_site.kernel.loading import NotNewestError, can_undo, undo
from revops_site.kernel.loading.rows import BusyError
from revops_site.kernel.models import DataLoad

HELP = """\
Take back the newest load of a dataset, if it was a file and nothing has changed the data since:
the rows that it added go, those that it changed are again what they were, with all that follows
from them. The record of loads keeps it as undone; the same file can be loaded again.

Exit codes:
  0  done; with --check: it could be
  2  nothing undone, and why
"""


class Command(BaseCommand):
    """Undo a load."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """The dataset."""
        names = [dataset.name for dataset in DATASETS]
        parser.add_argument("dataset", choices=names, metavar="DATASET", help=", ".join(names))
        parser.add_argument("--check", action="store_true", help="only say whether it can be")

    def handle(self, *args: Any, **options: Any) -> None:
        """Undo, and say what was."""
        name = options["dataset"]
        loaded = DataLoad.objects.filter(dataset=name, status=DataLoad.Status.LOADED)
        newest = loaded.order_by("-id").first()
        why = can_undo(newest) if newest else f"Nothing of {name} was loaded."
        if newest is None or why:
            raise CommandError(why, returncode=2)
        if options["check"]:
            self.stdout.write(f"The load of {newest.file_name} can be undone.")
            return
        try:
            report = undo(newest, DATASETS)
        except (NotNewestError, BusyError) as error:
            raise CommandError(str(error), returncode=2) from None
        counts = f"{report.deleted:,} rows removed, {report.updated:,} as they were before"
        self.stdout.write(f"{report.file}: undone, {counts}.")
