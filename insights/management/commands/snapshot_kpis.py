"""``manage.py snapshot_kpis``: keeps every figure of the whole company as it is now."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights import tasks
from revops_site.kernel import freshness

HELP = """\
Keep every figure of the whole company as of the last day of its data: value, operands and the days
that its page shows by default. The worker does it by itself within ten minutes of a load; this is
for those who run none, or do not want to wait.

A day that is kept already is written anew as long as it is the last day of the data; earlier days
are never touched. Days that were missed cannot be made up for: deals are known as they are now,
not as they were then.
"""


class Command(BaseCommand):
    """Keep the figures."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how many there are."""
        count = tasks.take_kpis(freshness.workspace())
        if options["verbosity"]:
            self.stdout.write(f"{count:,} figures kept.")
