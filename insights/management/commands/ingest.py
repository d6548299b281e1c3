"""``manage.py ingest``: CSV files into the tables, with a word on every row that was refused."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from rich.console import Console
from rich.table import Table

from insights.actions.company import OtherDataError, insist_on_no_other, take_out
from insights.catalog import DATASETS, ROLLUPS
from insights.management.following import following
from revops_site.kernel import loading
from revops_site.kernel.loading import FileReport, Report
from revops_site.kernel.loading.staging import Cursor
from revops_site.kernel.world.sizes import SIZES

HELP = """\
Load CSV files. A folder stands for the files in it that are recognised. All files come in
together or none does; a row that breaks its dataset's promise (docs/data-contracts.md) is refused
and kept with its line and the reason, and the others are loaded.

--regenerate writes the files of the pretend company (docs/demo-company.md), loads them and removes
them again. They come in place of a pretend company that was loaded before; where the database holds
any other row, from a file or from an edit, nothing is loaded. People who log in, settings and the
record of loads stay.

Exit codes:
  0  done, also when some rows were refused or nothing was new
  1  done, but every row of a file was refused
  2  nothing loaded: wrong usage, or a file that is unknown, unreadable or lacks a column,
     or --regenerate, and there are other data
  3  nothing loaded: --strict, and rows were refused
  4  nothing loaded: the database failed
130  nothing loaded: interrupted
"""
OF_GENERATE = ("size", "seed", "as_of")
UNREADABLE = 2
DATABASE_FAILED = 4
INTERRUPTED = 130
WIDTH = 120
ELSEWHERE = (
    "Nothing was loaded. Make the company in a database of its own: set DATABASE_URL to another "
    "one, or VAR_DIR where the service runs its own."
)


class Command(BaseCommand):
    """Load CSV files."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """The paths and the options."""
        names = [dataset.name for dataset in DATASETS]
        parser.add_argument("paths", nargs="*", metavar="PATH", help="a CSV file or a folder")
        parser.add_argument(
            "--dataset", choices=names, help="what every file is, whatever its name"
        )
        parser.add_argument("--dry-run", action="store_true", help="do all but keep the result")
        parser.add_argument(
            "--strict", action="store_true", help="load nothing if a row is refused"
        )
        parser.add_argument(
            "--regenerate", action="store_true", help="load the pretend company's files, made anew"
        )
        parser.add_argument("--size", choices=SIZES, help="of the pretend company")
        parser.add_argument("--seed", type=int, help="of the pretend company")
        parser.add_argument("--as-of", metavar="DATE", help="the pretend company's last day")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, report, and end with the exit code."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        try:
            with self._files(options) as paths, following(sys.stderr) as progress:
                report = loading.load(
                    paths,
                    DATASETS,
                    kind="generated" if options["regenerate"] else "file",
                    dataset=options["dataset"],
                    strict=options["strict"],
                    dry_run=options["dry_run"],
                    progress=progress,
                    clear=_clear if options["regenerate"] else None,
                )
        except OtherDataError as error:
            self._end(f"{error} {ELSEWHERE}", UNREADABLE)
        except Error as error:
            says = str(error).strip().split("\n")[0]
            self._end(f"The database failed, nothing was loaded: {says}", DATABASE_FAILED)
        except OSError as error:
            self._end(f"A file cannot be read, nothing was loaded: {error}", UNREADABLE)
        except KeyboardInterrupt:
            self._end("Interrupted, nothing was loaded.", INTERRUPTED)
        if options["json"]:
            plain = {**asdict(report), "exit_code": report.exit_code}
            self.stdout.write(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(_written(report))
        if report.stopped:
            self._end("Nothing was loaded.", report.exit_code)
        if report.exit_code:
            self._end("Every row of a file was refused.", report.exit_code)

    @contextmanager
    def _files(self, options: dict[str, Any]) -> Iterator[list[str]]:
        """The paths to load: those that were named, or a folder that is there for this alone."""
        asked = {name: options[name] for name in OF_GENERATE if options[name] is not None}
        if options["regenerate"] == bool(options["paths"]):
            raise CommandError("Name files to load, or --regenerate.", returncode=UNREADABLE)
        if not options["regenerate"]:
            if asked:
                says = "--size, --seed and --as-of need --regenerate."
                raise CommandError(says, returncode=UNREADABLE)
            yield options["paths"]
            return
        insist_on_no_other(DATASETS)
        settings.VAR.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=settings.VAR, prefix="regenerate-") as folder:
            call_command("generate", output=folder, stdout=self.stderr, **asked)
            yield [folder]

    def _end(self, says: str, code: int) -> None:
        self.stderr.write(says)
        sys.exit(code)


def _clear(cursor: Cursor) -> None:
    take_out(cursor, DATASETS, ROLLUPS)


def _written(report: Report) -> str:
    """The report for people: a table of the files, then what to look at in each."""
    console = Console(width=WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(_table(report))
        for file in report.files:
            for line in _remarks(file):
                console.print(f"{file.file}: {line}", markup=False, highlight=False)
        if report.dry_run:
            console.print("A dry run: nothing was kept.")
    return capture.get()


def _table(report: Report) -> Table:
    table = Table()
    for name in ("file", "dataset", "status"):
        table.add_column(name, overflow="fold")
    for name in ("rows", "refused", "new", "changed", "same", "warnings", "rows/s"):
        table.add_column(name, justify="right")
    for file in report.files:
        counts = (file.rows, file.refused, file.inserted, file.updated, file.unchanged)
        rate = f"{file.rows / file.seconds:,.0f}" if file.rows and file.seconds else ""
        cells = [f"{n:,}" for n in (*counts, sum(file.warnings.values()))]
        table.add_row(file.file, file.dataset, file.status, *cells, rate)
    return table


def _remarks(file: FileReport) -> list[str]:
    refused = [
        f"line {row.line}: {row.column} {row.value!r} {row.reason}".replace("  ", " ")
        for row in file.sample
    ]
    if refused and file.refused > 1:
        refused.insert(0, f"{file.refused:,} rows refused, the first of them:")
    warned = [f"warning: {says} ({rows:,} rows)" for says, rows in file.warnings.items()]
    return [*([file.message] if file.message else []), *refused, *warned]
