"""``manage.py backup``: all that the product knows, encrypted, and proved by putting it back."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from revops_site.kernel import backups
from revops_site.kernel.backups import keys, making, records
from revops_site.kernel.models import BackupRun

HELP = """\
Make a backup of the database, of files that were uploaded and of files that were made, encrypted
with BACKUP_KEY (age: `age -d -i KEYFILE` reads it, too), in a folder of BACKUP_DIR. Older ones go
after BACKUPS_KEPT_DAYS. The worker does the same each night, with --verify.

Exit codes:
  0  done
  2  not done, or what was made is not what it was made of, and why
"""


class Command(BaseCommand):
    """Make, verify or list backups."""

    help = HELP

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """The parser, with the help's lines as they are written."""
        options["formatter_class"] = RawDescriptionHelpFormatter
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do."""
        parser.add_argument(
            "--verify",
            nargs="?",
            const="",
            metavar="FOLDER",
            help="restore into a scratch database and compare all tables row by row: what is made "
            "now, or the backup of this folder",
        )
        parser.add_argument("--list", action="store_true", help="only say what there is")
        parser.add_argument("--new-key", action="store_true", help="only print a new BACKUP_KEY")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what was done."""
        if options["new_key"]:
            self.stdout.write(keys.new())
            return
        try:
            if options["list"]:
                self._list()
            elif options["verify"]:
                found, _ = records.check(Path(options["verify"]).resolve())
                self.stdout.write(f"{len(found.tables)} tables, {found.rows:,} rows: 0 differ.")
            else:
                self._say(backups.run(verified=options["verify"] is not None))
        except backups.BackupError as why:
            raise CommandError(str(why), returncode=2) from why

    def _say(self, one: BackupRun) -> None:
        self.stdout.write(
            f"{making.folder() / one.name}: {one.tables} tables, {one.rows:,} rows, "
            f"{one.bytes / 1e6:,.1f} MB in {one.seconds:.1f} s."
        )
        if one.verified_at:
            self.stdout.write(f"Restored and compared in {one.verify_seconds:.1f} s: 0 differ.")

    def _list(self) -> None:
        known = {one.name: one for one in BackupRun.objects.exclude(name="")}
        for path in making.kept():
            one = known.get(path.name)
            said = "not verified"
            if one is not None and one.verified_at:
                said = f"verified {one.verified_at:%Y-%m-%d %H:%M} UTC"
            self.stdout.write(f"{path}  {said}")
        found = backups.state()
        self.stdout.write(found.alarm or "All is well.")
