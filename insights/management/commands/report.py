"""``manage.py report NAME``: one of the reports as PDF, as somebody would get it."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.actions.files import NotMadeError
from insights.queries.readers import reader
from insights.reports.gathering import whole_page
from insights.reports.kinds import REPORTS

WRONG = 2


class Command(BaseCommand):
    """Write a report as PDF."""

    help = (
        "Write a report as PDF: "
        + ", ".join(REPORTS)
        + "; or any page of panels by its address, such as /marketing/. What is in it is what its "
        "reader may see: --for names one, else an administrator is meant."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Which report, of what, for whom, where to."""
        parser.add_argument("name", metavar="NAME", help="a report, or the address of a page")
        parser.add_argument(
            "--output", metavar="FILE", help="where to; default NAME and the day, in this folder"
        )
        parser.add_argument("--for", dest="reader", metavar="USER", help="a user name")
        parser.add_argument(
            "--filters",
            default="",
            metavar="QUERY",
            help="as in the address of a page, such as 'region=EMEA&quarter=2026Q3'",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, and say where it is."""
        from insights.reports.printing import print_report

        name, query = options["name"], options["filters"].removeprefix("?")
        user = reader(options["reader"])
        if user is None:
            said = options["reader"]
            gone = f"Nobody active is called {said}." if said else "There is no active user."
            raise CommandError(gone, returncode=WRONG)
        began = time.monotonic()
        try:
            report = REPORTS.get(name)
            if report is None and name.startswith("/"):
                name, _, more = name.partition("?")
                query = "&".join(filter(None, (more, query)))
                report = whole_page(user, name)
            if report is None:
                known = f"There are {', '.join(REPORTS)}; or give an address such as /marketing/."
                raise CommandError(f"No report is called {name}. {known}", returncode=WRONG)
            paper = print_report(report, user, query, self._tell)
        except NotMadeError as why:
            raise CommandError(str(why), returncode=WRONG) from why
        path = Path(options["output"] or f"{report.slug}-{paper.as_of:%Y%m%d}.pdf").expanduser()
        try:
            path.write_bytes(paper.pdf)
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written: {error.strerror}.", returncode=WRONG
            ) from error
        digest = hashlib.sha256(paper.pdf).hexdigest()
        seconds = time.monotonic() - began
        self.stdout.write(
            f"{path}: {report.title} as of {paper.as_of}, filters {paper.said}, for {user}; "
            f"{len(paper.pdf):,} bytes in {seconds:.1f} s, sha256 {digest}"
        )

    def _tell(self, done: int, total: int, says: str) -> None:
        self.stderr.write(f"{done}/{total} {says}")
