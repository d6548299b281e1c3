"""Pipedrive's activities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.datasets import ACTIVITIES
from pipeline.sources.pipedrive import cells
from revops_site.kernel.sources import Given, Gone, Kept, Lookup, Settings

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
