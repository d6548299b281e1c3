"""A deal's notes with the forms that add, change, pin and delete them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.panels.deal import words
from pipeline.queries.deal import notes
from pipeline.queries.deal.notes import Written


def drawn(
    found: Sequence[Written], today: date, said: Mapping[str, Any], *, may: bool
) -> Mapping[str, Any]:
    """What ``_deal_notes.html`` prints of these notes.

    ``may`` says whether the reader may write more, ``said`` what was sent and could not be kept.
    """
    return {
        "notes": [_note(one, today, said) for one in found],
        "may": may,
        "longest": notes.LONGEST,
        "error": said.get("error", "") if not said.get("note") else "",
        "body": said.get("body", "") if not said.get("note") else "",
    }


def _note(one: Written, today: date, said: Mapping[str, Any]) -> Mapping[str, Any]:
    is_meant = said.get("note") == one.note_id
    return {
        "id": one.note_id,
        "slug": hashlib.blake2s(one.note_id.encode(), digest_size=8).hexdigest(),
        "body": one.body,
        "who": one.who,
        **words.moment(one.at),
        "version": str(one.version),
        "is_pinned": one.is_pinned,
        "review": words.day(one.review_on),
        "is_due": one.review_on is not None and one.review_on <= today,
        "is_own": one.is_own,
        "may_delete": one.may_delete,
        "error": said.get("error", "") if is_meant else "",
        "is_conflict": is_meant and bool(said.get("is_conflict")),
        "typed": said.get("body", one.body) if is_meant else one.body,
    }
