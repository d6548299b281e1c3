"""``manage.py ingest``: files into the tables, with a word on every row that was refused."""

from __future__ import annotations

import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from insights.actions.company import OtherDataError, insist_on_no_other, take_out
from insights.catalog import DATASETS, ROLLUPS
from insights.management import guessing
from insights.management.following import following
from insights.management.reporting import written
from revops_site.kernel import loading
from revops_site.kernel.loading.staging import Cursor
from revops_site.kernel.reading import UnreadableError
from revops_site.kernel.world.sizes import SIZES

HELP = """\
Load files: CSV and other text with delimiters, blanks or fixed widths, packed with gzip or not,
and workbooks (.xlsx, .xls, .ods). A folder stands for the files in it that are recognised. All
files come in together or none does; a row that breaks its dataset's promise
(docs/data-contracts.md) is refused and kept with its line and the reason, and the others are
loaded.

How a file is written is found by looking; --sheet, --encoding, --delimiter and --no-header say
it. Without a header row the columns are the dataset's (--dataset), in the order of its contract.

--map reads files of others by a profile: which of their columns is which of ours, how dates and
numbers are written, what is left out (docs/profiles has some). --guess FILE writes a profile for a
file, with doubts as comments, to look through, mend, and load the file with.

--commit each lets every file come in by itself as soon as it is loaded: called again after it was
ended, the run goes on with what is missing. A file that cannot be read stops no other then.

--regenerate writes the files of the pretend company (docs/demo-company.md), loads them and removes
them again. They come in place of a pretend company that was loaded before; where the database holds
any other row, from a file or from an edit, nothing is loaded. People who log in, settings and the
record of loads stay.

Exit codes:
  0  done, also when some rows were refused or nothing was new
  1  done, but every row of a file was refused, or the file (--commit each)
  2  nothing loaded: wrong usage, a profile that is none, or a file that is unknown, unreadable or
     lacks a column, or --regenerate, and there are other data
  3  nothing loaded: --strict, and rows were refused
  4  nothing loaded (--commit each: nothing more): the database failed
130  nothing loaded (--commit each: nothing more): interrupted
"""
OF_GENERATE = ("size", "seed", "as_of")
OF_FILES = ("map", "sheet", "encoding", "delimiter", "no_header")
UNREADABLE = 2
DATABASE_FAILED = 4
INTERRUPTED = 130
ELSEWHERE = (
    "Nothing was loaded. Make the company in a database of its own: set DATABASE_URL to another "
    "one, or VAR_DIR where the service runs its own."
)


class Command(BaseCommand):
    """Load files."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """The paths and the options."""
        names = [dataset.name for dataset in DATASETS]
        parser.add_argument("paths", nargs="*", metavar="PATH", help="a file or a folder")
        parser.add_argument(
            "--dataset", choices=names, help="what every file is, whatever its name"
        )
        parser.add_argument("--map", metavar="PROFILE", help="the profile (TOML) to read them by")
        parser.add_argument(
            "--sheet",
            action="append",
            metavar="NAME",
            help="of a workbook; several are appended, * is all of them",
        )
        parser.add_argument("--encoding", help="of text files, such as utf-16 or cp1252")
        parser.add_argument("--delimiter", help="between columns: one character, or tab")
        parser.add_argument("--no-header", action="store_true", help="there is no header row")
        parser.add_argument(
            "--commit", choices=("all", "each"), default="all", help="all files at once, or each"
        )
        parser.add_argument("--guess", metavar="FILE", help="write a profile for this file")
        parser.add_argument("--output", metavar="PROFILE", help="where --guess writes it")
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
        if options["guess"]:
            self._guess(options)
            return
        nothing = "nothing" if options["commit"] == "all" else "nothing more"
        try:
            with self._files(options) as paths, following(sys.stderr) as progress:
                report = loading.load(
                    paths,
                    DATASETS,
                    kind="generated" if options["regenerate"] else "file",
                    dataset=options["dataset"],
                    profile=guessing.profile(options["map"]),
                    layout=guessing.layout(options),
                    commit=options["commit"],
                    strict=options["strict"],
                    dry_run=options["dry_run"],
                    progress=progress,
                    clear=_clear if options["regenerate"] else None,
                )
        except OtherDataError as error:
            self._end(f"{error} {ELSEWHERE}", UNREADABLE)
        except ValueError as error:
            self._end(f"{error}", UNREADABLE)
        except Error as error:
            says = str(error).strip().split("\n")[0]
            self._end(f"The database failed, {nothing} was loaded: {says}", DATABASE_FAILED)
        except OSError as error:
            self._end(f"A file cannot be read, {nothing} was loaded: {error}", UNREADABLE)
        except KeyboardInterrupt:
            self._end(f"Interrupted, {nothing} was loaded.", INTERRUPTED)
        if options["json"]:
            plain = {**asdict(report), "exit_code": report.exit_code}
            self.stdout.write(orjson.dumps(plain, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write(written(report))
        if report.stopped:
            self._end("Nothing was loaded.", report.exit_code)
        if any(file.status == "refused" for file in report.files):
            self._end("A file was not loaded.", report.exit_code)
        if report.exit_code:
            self._end("Every row of a file was refused.", report.exit_code)

    def _guess(self, options: dict[str, Any]) -> None:
        """Write the profile that is guessed for a file, and say what is doubtful about it."""
        if options["paths"] or options["regenerate"] or options["map"]:
            raise CommandError("--guess FILE loads nothing: name no other.", returncode=UNREADABLE)
        path = Path(options["guess"])
        try:
            found = guessing.guessed(path, guessing.layout(options), options["dataset"])
            if options["output"]:
                Path(options["output"]).write_text(found.text, encoding="utf-8")
            else:
                self.stdout.write(found.text)
        except UnreadableError as error:
            self._end(f"{path.name}: {error}", UNREADABLE)
        except ValueError as error:
            self._end(f"{error}", UNREADABLE)
        except OSError as error:
            self._end(f"The profile cannot be written: {error}", UNREADABLE)
        for doubt in found.doubts:
            self.stderr.write(f"doubt: {doubt}")

    @contextmanager
    def _files(self, options: dict[str, Any]) -> Iterator[list[str]]:
        """The paths to load: those that were named, or a folder that is there for this alone."""
        asked = {name: options[name] for name in OF_GENERATE if options[name] is not None}
        if options["regenerate"] == bool(options["paths"]):
            says = "Name files to load, or --regenerate, or --guess."
            raise CommandError(says, returncode=UNREADABLE)
        if options["output"]:
            raise CommandError("--output needs --guess.", returncode=UNREADABLE)
        if not options["regenerate"]:
            if asked:
                says = "--size, --seed and --as-of need --regenerate."
                raise CommandError(says, returncode=UNREADABLE)
            yield options["paths"]
            return
        if any(options[name] for name in OF_FILES) or options["commit"] == "each":
            says = "--regenerate takes none of the options of files."
            raise CommandError(says, returncode=UNREADABLE)
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
