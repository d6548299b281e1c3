"""Pipedrive's activities, and the notes of its deals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from pipeline.datasets import ACTIVITIES, NOTES
from pipeline.sources.pipedrive import cells
from revops_site.kernel.sources import Given, Gone, Kept, Lookup, Settings

LONGEST_NOTE = NOTES.column("body").max_length or 20_000
LONGEST_HTML = 200_000
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr)[^<>]{0,200}>", re.IGNORECASE)
TAGS = re.compile(r"<[/!a-zA-Z][^<>]*>")
KINDS = {
    spelling: code
    for code, others in ACTIVITIES.column("type").choices.items()
    for spelling in (code, *others)
}


def activities(
    records: Sequence[Kept], lookup: Lookup, settings: Settings
) -> Iterator[Given | Gone]:
    """The activities; a kind that a company made up is a task, and one deleted is none."""
    for one in records:
        raw = one.raw
        if one.is_deleted:
            yield Gone("activities", "activity_id", one.external_id)
            continue
        is_done = raw.get("done") is True
        times = raw.get("marked_as_done_time"), raw.get("update_time"), raw.get("add_time")
        yield Given(
            "activities",
            {
                "activity_id": one.external_id,
                "deal_id": cells.text(raw.get("deal_id")),
                "rep_id": cells.owner(raw.get("owner_id"), settings),
                "contact_id": cells.text(raw.get("person_id")),
                "type": KINDS.get(str(raw.get("type")).lower(), "task"),
                "subject": cells.text(raw.get("subject")),
                "due_date": cells.text(raw.get("due_date")),
                "done_at": cells.first(*times) if is_done else None,
                "is_done": cells.flag(is_done),
            },
        )


def notes(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given | Gone]:
    """The notes, as plain text; what is deleted is none."""
    for one in records:
        raw, text = one.raw, plain(one.raw.get("content"))
        written = cells.first(raw.get("add_time"), raw.get("update_time"))
        deal = cells.text(raw.get("deal_id"))
        if one.is_deleted or raw.get("active_flag") is False or not (text and deal and written):
            yield Gone("notes", "note_id", one.external_id)
            continue
        yield Given(
            "notes",
            {
                "note_id": one.external_id,
                "deal_id": deal,
                "author_id": cells.owner(raw.get("user_id"), settings),
                "body": text,
                "created_at": written,
            },
        )


def plain(content: object) -> str:
    """The text of a note's HTML: lines where it breaks, no tags, no more than is kept."""
    if not isinstance(content, str):
        return ""
    found = TAGS.sub("", BREAKS.sub("\n", content[:LONGEST_HTML]))
    lines = (" ".join(line.split()) for line in unescape(found).replace("\0", "").split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST_NOTE]
