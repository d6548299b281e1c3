"""Where a deal's page is, and what its addresses carry."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from pipeline.panels.known import DEAL_LINK


def address(deal_id: str) -> str:
    """The address of a deal's page; an id may hold any character."""
    return DEAL_LINK.format(deal_id=quote(deal_id, safe=""))


def entry(note_id: str) -> str:
    """The name of a note's entry in the timeline, for addresses that lead to it."""
    return f"entry-{hashlib.blake2s(note_id.encode(), digest_size=8).hexdigest()}"
