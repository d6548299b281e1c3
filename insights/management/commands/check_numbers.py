"""``manage.py check_numbers``: tells which figures changed though nothing was loaded."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights import tasks
from insights.actions.numbers import NumberAlarm
from revops_site.kernel import freshness

HELP = """\
Compare every figure of fixed slices (everything, the last quarter, the first five teams) with what
it was at the check before, and keep what is read for the next one. Figures may change with a load,
an edit or a sync. One that changes without any of these is an alarm: it is printed with both
values, shown on the Data page, kept in the audit log, and the command ends with status 1.

The worker does it by itself within ten minutes of a load, and every six hours.
"""


class Command(BaseCommand):
    """Compare the figures."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, say what came out, and end with status 1 where something changed by itself."""
        outcome = tasks.compare_numbers(freshness.workspace())
        if outcome is None:
            raise CommandError("Data came in while the figures were read. Run it again.")
        for alarm in outcome.alarms:
            self.stderr.write(_line(alarm))
        if options["verbosity"]:
            self.stdout.write(
                f"{outcome.compared:,} figures compared, {outcome.new:,} for the first time known. "
                f"{outcome.loaded:,} changed with the data, {len(outcome.alarms):,} without."
            )
        if outcome.alarms:
            sys.exit(1)


def _line(alarm: NumberAlarm) -> str:
    return f"{alarm.metric_slug}, {alarm.slice_name}: was {alarm.before}, is {alarm.after}"
