"""Where a deal's page is, and what its addresses carry."""

from __future__ import annotations

from urllib.parse import quote

from pipeline.panels.known import DEAL_LINK


def address(deal_id: str) -> str:
    """The address of a deal's page; an id may hold any character."""
    return DEAL_LINK.format(deal_id=quote(deal_id, safe=""))
