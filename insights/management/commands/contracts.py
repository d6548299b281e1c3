"""``manage.py contracts``: writes what files promise and how the tables lie, or checks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from insights.catalog import DATASETS
from revops_site.kernel import contracts, datamodel

CHAPTERS = {
    "kernel": "What all domains share",
    "marketing": "Marketing",
    "pipeline": "Pipeline",
    "revenue": "Revenue",
    "coaching": "Coaching",
    "insights": "Insights",
}


class Command(BaseCommand):
    """Write the data contracts and the data model."""

    help = "Write docs/data-contracts.md and docs/data-model.md; with --check, only compare."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The one option."""
        parser.add_argument("--check", action="store_true", help="write nothing, only compare")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare."""
        for name, text in _documents():
            path = Path(settings.BASE_DIR) / name
            if not options["check"]:
                path.write_text(text, encoding="utf-8")
            elif not path.exists() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{name} is not up to date: run manage.py contracts.")


def _documents() -> Iterator[tuple[str, str]]:
    yield "docs/data-contracts.md", contracts.document(DATASETS)
    yield "docs/data-model.md", datamodel.document(DATASETS, CHAPTERS)
