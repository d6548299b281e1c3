"""``manage.py restore``: puts a backup back, and loses nothing that is there."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from revops_site.kernel import backups

HELP = """\
Put a backup back: into the database and the folders of the settings, or others. It is checked
first, restored beside what is there, compared with what was dumped, brought to this release's
tables, and only then gets its name. What is there is refused, or with --overwrite kept under
another name. Stop the product first; start it afterwards.

Mails that may have gone out since the backup are not sent: they wait, unknown, for somebody to
decide. Sessions end. Where the database was brought back another way (its log, a copy of its
disk), --settle does just that.

Exit codes:
  0  done
  2  nothing was changed, and why
"""


class Command(BaseCommand):
    """Restore a backup."""

    help = HELP
    requires_system_checks = ()

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """What, and where to."""
        parser.add_argument("folder", nargs="?", help="the backup's folder, or “newest”")
        parser.add_argument("--into", default="", metavar="NAME", help="another database")
        parser.add_argument("--files", type=Path, metavar="FOLDER", help="for files, with --into")
        parser.add_argument(
            "--overwrite", action="store_true", help="though something is there, which is kept"
        )
        parser.add_argument(
            "--settle", metavar="TIME", help="the time (UTC) that the database is of, by now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done and what is to be known."""
        try:
            if options["settle"]:
                self._tell(backups.settle(self._time(options["settle"])))
                return
            if not options["folder"]:
                raise backups.BackupError("Name the backup's folder, or say “newest”.")
            if options["into"] and options["files"] is None:
                self.stdout.write("The files are left where they are: --files puts them somewhere.")
            backup = (
                backups.newest()
                if options["folder"] == "newest"
                else Path(options["folder"]).resolve()
            )
            done = backups.restore(
                backup,
                into=options["into"],
                files=options["files"],
                overwrite=options["overwrite"],
            )
        except backups.BackupError as why:
            raise CommandError(str(why), returncode=2) from why
        found = done.manifest
        self.stdout.write(
            f"The database {done.database} is as it was at {found.made_at:%Y-%m-%d %H:%M:%S} UTC: "
            f"{len(found.tables)} tables, {found.rows:,} rows, 0 differ."
        )
        for name in done.before:
            self.stdout.write(f"What was there is kept: {name}")
        self._tell(done.notes)

    def _tell(self, notes: list[str]) -> None:
        for note in notes:
            self.stdout.write(f"- {note}")

    def _time(self, text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise backups.BackupError(f"“{text}” is no time: say 2026-11-23T02:07.") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)
