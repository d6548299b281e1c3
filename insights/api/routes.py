"""What there is to be asked, in the order of the document."""

from __future__ import annotations

from ninja import Router

from insights.api import contracts, ingest, kpis, lists, panels, reports, syncs, work

ROUTES: tuple[tuple[str, Router, str], ...] = (
    ("", kpis.router, "Figures"),
    ("", panels.router, "Panels"),
    ("", contracts.router, "Contracts"),
    ("", lists.router, "Pipelines and owners"),
    ("", work.router, "Deals and follow-ups"),
    ("", ingest.router, "Files"),
    ("", reports.router, "Reports"),
    ("", syncs.router, "Syncs"),
)
