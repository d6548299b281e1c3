"""Where a deal's page is, and what its addresses carry."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from pipeline.panels.known import DEAL_LINK


def address(deal_id: str) -> str:
    """The address of a deal's page; an id may hold any character."""
    return DEAL_LINK.format(deal_id=quote(deal_id, safe=""))


def explained(slug: str, deal_id: str) -> str:
    """Where a figure of a deal is explained."""
    return f"/explain/{slug}/deals/{quote(deal_id, safe='')}/"


def digest(deal_id: str) -> str:
    """An id as a key of the cache and the id of an element may have it."""
    return hashlib.blake2s(deal_id.encode(), digest_size=12).hexdigest()


def entry(note_id: str) -> str:
    """The name of a note's entry in the timeline, for addresses that lead to it."""
    return f"entry-{hashlib.blake2s(note_id.encode(), digest_size=8).hexdigest()}"
