"""``manage.py audit_verify``: whether the audit log still is what was written into it."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from revops_site.kernel.auditing import chain

MOST = 50


class Command(BaseCommand):
    """Read every row and every link of the chain."""

    help = (
        "Verify the audit log: rows that were changed, taken out, slipped in, moved, put down to "
        "somebody else, or cut off at the end. Exit code 1 where there are any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found."""
        found = chain.verify()
        for problem in found.problems[:MOST]:
            self.stdout.write(problem)
        if len(found.problems) > MOST:
            self.stdout.write(f"… and {len(found.problems) - MOST:,} more.")
        self.stdout.write(
            f"{found.rows:,} rows, {found.links:,} links, {found.waiting:,} waiting for the "
            f"sealer, {found.redacted:,} redacted, {found.forgotten:,} forgotten by age; "
            f"{len(found.problems):,} problems. Head: {found.head}"
        )
        if found.problems:
            sys.exit(1)
