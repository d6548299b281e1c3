"""What the product is made of by others, as CycloneDX tells it: packages and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from revops_site import supply


class Command(BaseCommand):
    """Write the bill of materials."""

    help = f"Write {supply.PATH} (CycloneDX {supply.SPEC}); with --check, only compare."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The one option."""
        parser.add_argument("--check", action="store_true", help="write nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        root = Path(settings.BASE_DIR)
        path, text = root / supply.PATH, supply.document(root)
        if not options["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError(f"{supply.PATH} is not up to date: run make sbom.")
