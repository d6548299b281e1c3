"""What Pipedrive recorded of a deal: its stays in stages, and when it was opened and closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pipeline.sources.pipedrive import cells, deals, plan
from pipeline.sources.pipedrive.documents import moment
from revops_site.kernel.sources import Given, Gone, Kept, Lookup, Raw, Settings

OF_DEALS = ("add_time", "update_time", "stage_id", "status", "won_time", "lost_time", "close_time")
EVENTS = ("open", "won", "lost", "deleted")
Change = tuple[datetime, str | None, str | None]


def moved_at(deal: Kept) -> datetime | None:
    """When a deal last went to another stage, or was closed."""
    times = [moment(deal.raw.get(name)) for name in ("stage_change_time", *deals.CLOSED.values())]
    return max((at for at in times if at), default=None)


def moves(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given | Gone]:
    """All stays and openings of each deal, in place of what was known of it."""
    known = lookup("deals", [one.external_id for one in records], OF_DEALS)
    stages = lookup("stages", _stages(records, known), ("name", "pipeline_id"))
    for one in records:
        deal = known.get(one.external_id)
        began = moment(deal.get("add_time") or deal.get("update_time")) if deal else None
        if deal is None or began is None:
            continue
        yield Gone("stage_history", "deal_id", one.external_id)
        yield Gone("status_events", "deal_id", one.external_id)
        closed = _closed(one, deal)
        yield from _stays(one, deal, began, closed, stages)
        yield from _openings(one, began)


def _stays(
    one: Kept, deal: Raw, began: datetime, closed: datetime | None, stages: Mapping[str, Raw]
) -> Iterator[Given]:
    found = _changes(one, "stage_id")
    first = found[0][1] if found else cells.text(deal.get("stage_id"))
    entered: list[tuple[datetime, str | None]] = [(began, first)]
    entered += [(max(at, began), new) for at, _, new in found]
    left = [at for at, _ in entered[1:]] + [max(closed, entered[-1][0]) if closed else None]
    seen = set()
    for (at, stage), until in zip(entered, left, strict=True):
        if stage is None or (stage, at) in seen:
            continue
        seen.add((stage, at))
        raw = stages.get(stage)
        yield Given(
            "stage_history",
            {
                "deal_id": one.external_id,
                "pipeline_id": cells.text(raw.get("pipeline_id")) if raw else None,
                "stage_name": plan.name(stage, raw),
                "entered_at": at.isoformat(),
                "exited_at": until.isoformat() if until else None,
            },
        )


def _openings(one: Kept, began: datetime) -> Iterator[Given]:
    found = [(began, "open")]
    found += [(at, new) for at, _, new in _changes(one, "status") if new in EVENTS]
    for at, status in dict.fromkeys(found):
        row = {"deal_id": one.external_id, "at": at.isoformat(), "status": status}
        yield Given("status_events", row)


def _closed(one: Kept, deal: Raw) -> datetime | None:
    """When a deal that is closed was; None while it is open."""
    state = deals.status(Kept(one.external_id, deal, False, False))
    if state not in deals.CLOSED:
        return None
    return moment(deal.get(deals.CLOSED[state]) or deal.get("close_time"))


def _changes(one: Kept, field: str) -> list[Change]:
    """The changes of a field, oldest first, as Pipedrive's list has them newest first."""
    listed: list[Any] = one.raw.get("changes") or []
    found: list[Change] = []
    for change in reversed(listed):
        at = moment(change.get("time"))
        if change.get("field_key") == field and at:
            found.append(
                (at, cells.text(change.get("old_value")), cells.text(change.get("new_value")))
            )
    return sorted(found, key=lambda each: each[0])


def _stages(records: Sequence[Kept], known: Mapping[str, Raw]) -> list[str]:
    told = [each for one in records for _, *both in _changes(one, "stage_id") for each in both]
    now = [cells.text(deal.get("stage_id")) for deal in known.values()]
    return [stage for stage in (*told, *now) if stage]
