"""Pipedrive's deals, live, archived and deleted, each with the person it is with.

A deal that is put away while it is open counts no more than a deleted one; one that was won or
lost before is history as any other. What is deleted keeps the status that it had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.sources.pipedrive import cells, fields, plan
from revops_site.kernel.sources import Given, Gone, Kept, Lookup, Raw, Settings

OF_PERSONS = ("name", "emails", "job_title")
CLOSED = {"won": "won_time", "lost": "lost_time"}


def deals(records: Sequence[Kept], lookup: Lookup, settings: Settings) -> Iterator[Given | Gone]:
    """The deals, and the contacts that they have, or have no more."""
    stages = lookup("stages", cells.ids(records, "stage_id"), ("name",))
    accounts = lookup("organizations", cells.ids(records, "org_id"), ("name",))
    people = lookup("persons", cells.ids(records, "person_id"), OF_PERSONS)
    custom = fields.columns(lookup, settings)
    left_out = {
        id_ for id_, one in settings.mapping.get("pipelines", {}).items() if one.get("is_left_out")
    }
    for deal in records:
        row = _row(deal, stages, settings)
        row["account_name"] = cells.named(accounts, deal.raw.get("org_id")) or cells.named(
            people, deal.raw.get("person_id")
        )
        if row["pipeline_id"] in left_out:
            row["is_deleted"] = "true"
        yield Given("pipeline_deals", row | fields.values(deal.raw, custom))
        yield from _contact(deal, people)


def status(deal: Kept) -> str | None:
    """Open, won or lost; what else Pipedrive may say is left to the check of rows."""
    said = cells.text(deal.raw.get("status"))
    if said not in {"deleted", None}:
        return said
    return next((name for name, at in CLOSED.items() if deal.raw.get(at)), "open")


def _row(deal: Kept, stages: Mapping[str, Raw], settings: Settings) -> dict[str, str | None]:
    raw, state = deal.raw, status(deal)
    stage = cells.text(raw.get("stage_id"))
    updated = cells.text(raw.get("update_time"))
    created = cells.text(raw.get("add_time")) or updated
    closed = cells.first(raw.get(CLOSED.get(state or "", "")), raw.get("close_time"))
    is_closed = state in CLOSED
    is_away = deal.is_archived and not is_closed
    return {
        "deal_id": deal.external_id,
        "opportunity_name": cells.text(raw.get("title")),
        "account_id": cells.text(raw.get("org_id")),
        "owner_id": cells.owner(raw.get("owner_id"), settings),
        "pipeline_id": cells.text(raw.get("pipeline_id")),
        "stage_name": plan.name(stage, stages.get(stage)) if stage else "No stage",
        "amount": cells.text(raw.get("value")),
        "currency": cells.text(raw.get("currency")) or settings.currency or None,
        "created_at": created,
        "close_date": cells.text(raw.get("expected_close_date")),
        "last_stage_change": cells.text(raw.get("stage_change_time")) or created,
        "probability": cells.share(raw.get("probability")),
        "status": state,
        "closed_on": closed or updated or created if is_closed else None,
        "lost_reason": cells.text(raw.get("lost_reason")) if state == "lost" else None,
        "update_time": updated,
        "is_deleted": cells.flag(deal.is_deleted or is_away),
    }


def _contact(deal: Kept, people: Mapping[str, Raw]) -> Iterator[Given | Gone]:
    """The deal's person; whoever it was before is no contact any more."""
    id_ = cells.text(deal.raw.get("person_id")) or ""
    person = people.get(id_)
    yield Gone("contacts", "deal_id", deal.external_id, ("contact_id", id_), is_ours=True)
    if person and not deal.is_deleted:
        yield Given(
            "contacts",
            {
                "deal_id": deal.external_id,
                "contact_id": id_,
                "name": cells.text(person.get("name")) or f"Person {id_}",
                "email": _mail(person.get("emails")),
                "title": cells.text(person.get("job_title")),
            },
        )


def _mail(found: Any) -> str | None:
    """The first address, or the one that is marked as such."""
    mails = [one for one in found or () if isinstance(one, dict)] if isinstance(found, list) else []
    mails.sort(key=lambda one: one.get("primary") is not True)
    return next((address for one in mails if (address := cells.text(one.get("value")))), None)
