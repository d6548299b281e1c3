"""``manage.py snapshot``: keeps the pipeline's days, and holds them to the history."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from pipeline import tasks
from pipeline.actions import snapshots
from pipeline.queries.snapshots import days_kept

HELP = """\
Keep every open deal with its health and its chance, and the forecast of the quarter, for the whole
company and each team: of every Monday since the data begin (nine quarters back at the most), and of
the last day of the data. Days that were missed are made up for from the history of changes, and
marked as made so. What was kept is never changed: run it as often as you like. The worker does it
by itself within ten minutes of a load.

With --check nothing is written: each kept day is rebuilt from the history and compared. With
--remake what was made from the history is taken away first and made anew; what was kept on its own
day stays.

Exit codes:
  0  done; with --check: all are as the history tells
  1  with --check: something differs
"""
MOST_SHOWN = 20


class Command(BaseCommand):
    """Keep or check snapshots."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Which days, and whether to write."""
        parser.add_argument("--check", action="store_true", help="write nothing, only compare")
        parser.add_argument("--through", type=date.fromisoformat, help="the last day, YYYY-MM-DD")
        parser.add_argument("--remake", action="store_true", help="make anew what history gave")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what came of it."""
        self.quiet = not options["verbosity"]
        if options["check"]:
            if self._differing(options["through"]):
                sys.exit(1)
            return
        if options["remake"]:
            self._tell(f"{snapshots.forget_made_from_history():,} days taken away.")
        count = tasks.take_snapshots(options["through"])
        self._tell(f"{count:,} days kept." if count else "All days are kept already.")

    def _differing(self, through: date | None) -> int:
        days = sorted(day for day in days_kept() if through is None or day <= through)
        total = 0
        for day in days:
            found = snapshots.differences(day)
            for one in found[: max(0, MOST_SHOWN - total)]:
                self._tell(f"{day} {one.what} {one.field}: {one.kept} kept, {one.rebuilt} rebuilt")
            total += len(found)
        self._tell(f"{len(days):,} days checked, {total:,} differences.")
        return total

    def _tell(self, says: str) -> None:
        if not self.quiet:
            self.stdout.write(says)
