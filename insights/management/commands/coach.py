"""``manage.py coach``: writes what reps' figures mean, for some or for all."""

from __future__ import annotations

import sys
import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from coaching import tasks
from coaching.queries import insights
from revops_site.kernel.loading import session

HELP = """\
Write the coaching insights of reps as of the data's last day, in place of those of the same day.
The worker does so by itself once a day and where somebody asks for it on a page; this is for an
upgrade, for corrected data, and to look at a model's wording. Without --rep or --all those are
written of whom nothing is said yet.

Exit codes:
  0  done
  1  there are no data
  2  a rep is not known; the others are written
"""
NO_DATA, UNKNOWN = 1, 2


class Command(BaseCommand):
    """Write coaching insights."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        whose = parser.add_mutually_exclusive_group()
        whose.add_argument("--rep", action="append", metavar="ID", help="of this rep; repeatable")
        whose.add_argument("--all", action="store_true", help="of all active reps, also anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what came of it."""
        self.quiet = not options["verbosity"]
        day = tasks.last_day()
        if day is None:
            self._tell("There are no data yet: nothing can be said of anybody.")
            sys.exit(NO_DATA)
        unknown = sorted({*(options["rep"] or ())} - insights.known(options["rep"] or ()))
        if options["rep"]:
            ids = [one for one in dict.fromkeys(options["rep"]) if one not in unknown]
        else:
            ids = insights.everybody() if options["all"] else insights.unwritten(day)
        self.count, self.of = 0, len(ids)
        began = time.monotonic()
        with session.unhurried():
            done = tasks.write_all(ids, self._told)
        seconds = time.monotonic() - began
        self._tell(f"{done:,} {'rep' if done == 1 else 'reps'} as of {day} in {seconds:.1f} s.")
        if unknown:
            self.stderr.write(f"No such rep: {', '.join(unknown)}.")
            sys.exit(UNKNOWN)

    def _told(self, rep_id: str, is_written: bool) -> None:
        self.count += 1
        said = "" if is_written else ": nothing known"
        self._tell(f"{self.count:,} of {self.of:,}: {rep_id}{said}")

    def _tell(self, says: str) -> None:
        if not self.quiet:
            self.stdout.write(says)
