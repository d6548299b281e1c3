"""``manage.py rollup``: sums everything that is kept as a sum anew, or says where it is untrue."""

from __future__ import annotations

import sys
import time
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from insights.catalog import ROLLUPS
from revops_site.kernel import freshness
from revops_site.kernel.loading import session
from revops_site.kernel.rollups import RollUp

HELP = """\
Sum the roll-ups anew from the rows that they are of: all of them, or those that are named. Loads
and edits keep them true by themselves; this is for an upgrade, for a restored backup, and to be
sure. With --check nothing is written: all is summed anew and compared.

Exit codes:
  0  done; with --check: all are true
  1  with --check: a roll-up holds a row that it should not, or lacks one
"""


class Command(BaseCommand):
    """Rebuild or check the roll-ups."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """The names and the option."""
        known = ", ".join(roll_up.name for roll_up in ROLLUPS)
        parser.add_argument("names", nargs="*", metavar="NAME", help=known)
        parser.add_argument("--check", action="store_true", help="write nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, with a line for each roll-up."""
        known = [roll_up.name for roll_up in ROLLUPS]
        self.quiet = not options["verbosity"]
        names = set(options["names"]) or set(known)
        if strange := sorted(names - set(known)):
            raise CommandError(
                f"No roll-up is called “{strange[0]}”; known are {', '.join(known)}."
            )
        chosen = [roll_up for roll_up in ROLLUPS if roll_up.name in names]
        with session.unhurried():
            if not options["check"]:
                self._rebuild(chosen)
            elif self._differing(chosen):
                sys.exit(1)

    def _rebuild(self, chosen: Iterable[RollUp]) -> None:
        for roll_up in chosen:
            began = time.monotonic()
            with transaction.atomic():
                roll_up.rebuild()
                freshness.bump()
            self._tell(roll_up, f"summed anew in {time.monotonic() - began:.1f} s")

    def _differing(self, chosen: Iterable[RollUp]) -> int:
        """How many rows differ in all, each roll-up's told."""
        total = 0
        for roll_up in chosen:
            differing = roll_up.differences()
            self._tell(roll_up, f"{differing:,} differing" if differing else "true")
            total += differing
        return total

    def _tell(self, roll_up: RollUp, says: str) -> None:
        if self.quiet:
            return
        rows = roll_up.table._base_manager.count()
        self.stdout.write(f"{roll_up.name:<20} {rows:>12,} rows  {says}")
