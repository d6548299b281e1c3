"""``manage.py contracts``: writes docs/data-contracts.md from the datasets, or checks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.catalog import DATASETS
from revops_site.kernel.contracts import document

PATH = Path("docs/data-contracts.md")


class Command(BaseCommand):
    """Write the data contracts."""

    help = f"Write {PATH} from the datasets; with --check, fail where it is not up to date."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The one option."""
        parser.add_argument("--check", action="store_true", help="write nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        path = Path(settings.BASE_DIR) / PATH
        text = document(DATASETS)
        if not options["check"]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            raise CommandError(f"{PATH} is not up to date: run manage.py contracts.")
