"""What there is to be asked, in the order of the document."""

from __future__ import annotations

from ninja import Router

from insights.api import contracts, lists, panels, syncs

ROUTES: tuple[tuple[str, Router, str], ...] = (
    ("", panels.router, "Panels"),
    ("", contracts.router, "Contracts"),
    ("", lists.router, "Pipelines and owners"),
    ("", syncs.router, "Syncs"),
)
