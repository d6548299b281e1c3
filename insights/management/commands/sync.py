"""``manage.py sync``: a CRM's records into the tables, here and now, with progress."""

from __future__ import annotations

import sys
import time
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import Error

from insights.catalog import DATASETS, SOURCES, source_named
from revops_site.kernel import sync
from revops_site.kernel.models import SyncRun
from revops_site.kernel.sources import Source
from revops_site.kernel.sync import Told

HELP = """\
Read a CRM and load what is new, as the worker does every SYNC_INTERVAL_MINUTES. Without entities
all that are due are read: users, pipelines, stages and custom fields once a day, all others each
time. What was interrupted goes on where it stopped.

A source is connected by the set-up page, or by PIPEDRIVE_API_TOKEN.

Exit codes:
  0  done
  1  done in part, or not at all: something could not be read; what it is stands below
  2  wrong usage
  3  nothing was read: another sync is under way
  4  the database failed
130  interrupted; the next sync goes on there
"""
EVERY_SECONDS = 5.0
FAILED, USAGE, BUSY, DATABASE, INTERRUPTED = 1, 2, 3, 4, 130


class Command(BaseCommand):
    """Sync a source."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """What is to be read, and how."""
        names = [source.name for source in SOURCES]
        parser.add_argument("entities", nargs="*", metavar="ENTITY", help="such as deals")
        parser.add_argument("--source", choices=names, default=names[0])
        parser.add_argument(
            "--full",
            action="store_true",
            help="read everything anew, and believe it even where much is gone",
        )
        parser.add_argument(
            "--reconcile", action="store_true", help="read everything, and look for what is gone"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sync, and say what became of it."""
        source = source_named(options["source"])
        known = [entity.name for entity in source.entities if not entity.is_lazy]
        if unknown := [name for name in options["entities"] if name not in known]:
            self._end(f"{source.label} has no “{unknown[0]}”; it has {', '.join(known)}.", USAGE)
        try:
            done = sync.run(
                source,
                DATASETS,
                entities=options["entities"] or None,
                full=options["full"],
                reconcile=options["reconcile"],
                progress=_Lines(self.stderr),
            )
        except sync.BusyError as error:
            self._end(str(error), BUSY)
        except Error as error:
            self._end(f"The database failed: {str(error).strip().splitlines()[0]}", DATABASE)
        except KeyboardInterrupt:
            self._end("Interrupted. The next sync goes on where this one stopped.", INTERRUPTED)
        self._report(source, done)

    def _report(self, source: Source, done: SyncRun) -> None:
        for one in sync.status(source):
            said = one.error_message or f"{one.records_synced:,} records read"
            self.stdout.write(f"{one.label}: {one.status or 'never read'}. {said}")
        self.stdout.write(
            f"{done.requests} requests, {done.records:,} records, {done.changed:,} rows changed"
        )
        if done.status != SyncRun.Status.SUCCESS:
            self._end("Not all could be read.", FAILED)

    def _end(self, says: str, code: int) -> None:
        self.stderr.write(says)
        sys.exit(code)


class _Lines:
    """A line for each stage of each kind of record, and now and then one in between."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._last = ("", "")
        self._at = 0.0

    def __call__(self, told: Told) -> None:
        now, stage = time.monotonic(), (told.entity, told.stage)
        if stage != self._last or now - self._at >= EVERY_SECONDS:
            self._last, self._at = stage, now
            self._stream.write(f"{told.entity}: {told.stage}, {told.records:,} records")
