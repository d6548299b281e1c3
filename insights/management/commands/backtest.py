"""``manage.py backtest``: forecasts closed quarters again, and says which method is the best."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from typing import Any, Literal

from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from pipeline import tasks
from revenue import tasks as revenue
from revops_site.kernel.formats import show

HELP = """\
Forecast each of the last eight closed quarters again, as of every Monday in it, with nothing that
was not known on that day, by every method: chances of the stages (L0), chances learned from earlier
quarters (L1), the weighted pipeline, the pace of past quarters, the last quarter's result, and
Holt-Winters on what quarters won (level, trend and season), where twelve of them are known. The
learned chances are used from then on only where they beat the stages and the simple methods in
weeks 4 to 10 and their ranges hold; ranges are widened by as much as past ones were too narrow.

MRR is forecast again from each month's end, by its parts and by simple methods, in the same way.

Days that were not kept yet are kept first. The worker does it once after each quarter's end.
"""
TITLES = {
    "L0": "Stages (L0)",
    "L1": "Learned (L1)",
    "weighted": "Weighted",
    "pace": "Pace",
    "last_quarter": "Last quarter",
    "holt_winters": "Holt-Winters",
}


class Command(BaseCommand):
    """Try the methods."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and show the scores."""
        tasks.take_snapshots()
        found = tasks.try_methods()
        revenue.try_again()
        if not options["verbosity"]:
            return
        if found is None:
            self.stdout.write("There are no deals to forecast.")
            return
        table = Table(title=f"{found.quarters} closed quarters as of {found.as_of}")
        for heading in ("Method", "Weeks", "Forecasts", "WAPE", "Bias", "In 80 % range", "Skill"):
            side: Literal["left", "right"] = "left" if heading == "Method" else "right"
            table.add_column(heading, justify=side, no_wrap=True)
        for score in found.scores.all():
            numbers = (score.wape, score.bias, score.coverage_80, score.skill_vs_baseline)
            shown = (show(value, "percent1") for value in numbers)
            last = score.weeks == "all"
            table.add_row(TITLES[score.method], score.weeks, str(score.n), *shown, end_section=last)
        Console(file=self.stdout, soft_wrap=True).print(table)  # type: ignore[arg-type]
        self.stdout.write(
            f"In use: {TITLES[found.method]}, ranges × {found.interval_inflation:g}. {found.reason}"
        )
