"""``manage.py health``: scores all open deals anew, or says where what is stored is untrue."""

from __future__ import annotations

import sys
import time
from argparse import RawDescriptionHelpFormatter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from insights.tasks import keep_customers
from pipeline.panels.health import kept
from revops_site.kernel.loading import session

HELP = """\
Score every open deal of a day anew, with its flags and what follows from them: of the newest day,
or of another; and, of the newest, every customer at each month's end. The worker does so by itself
for what a load has touched, and for all on a new day; this is for an upgrade, for a restored
backup, and to be sure. With --check nothing is written: all deals are scored anew and compared.

Exit codes:
  0  done; with --check: all are true
  1  with --check: a deal is stored otherwise, or not at all
"""


MOST_NAMED = 20


class Command(BaseCommand):
    """Score all deals or check what is stored."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """Which day, and whether to write."""
        parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD, else the newest")
        parser.add_argument("--check", action="store_true", help="write nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what came of it."""
        self.quiet = not options["verbosity"]
        began = time.monotonic()
        with session.unhurried():
            if options["check"]:
                wrong = kept.differing(options["day"])
                if not wrong:
                    return self._tell("true")
                self._tell(f"{len(wrong):,} differing: {', '.join(wrong[:MOST_NAMED])}")
                sys.exit(1)
            count = kept.reckon(options["day"], whole=True)
            customers = 0 if options["day"] else keep_customers()
        seconds = time.monotonic() - began
        self._tell(f"{count:,} {'deal' if count == 1 else 'deals'} scored in {seconds:.1f} s.")
        if customers:
            self._tell(f"Customers: {customers:,} month's ends.")

    def _tell(self, says: str) -> None:
        if not self.quiet:
            self.stdout.write(says)
