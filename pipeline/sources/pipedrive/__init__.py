"""Pipedrive: what is read of it, and which module says what it means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pipeline.sources.pipedrive import deals, history, people, plan, work
from pipeline.sources.pipedrive.reader import DEAL_PASSES, Reader
from revops_site.kernel.sources import Entity, Given, Gone, Kept, Lookup, Settings

ROWS = {
    "users": people.reps,
    "organizations": people.accounts,
    "pipelines": plan.pipelines,
    "stages": plan.stages,
    "deals": deals.deals,
    "moves": history.moves,
    "activities": work.activities,
    "notes": work.notes,
}


class Pipedrive:
    """The CRM of that name, by its API v2, and v1 for what has no v2."""

    name = "pipedrive"
    label = "Pipedrive"
    entities: tuple[Entity, ...] = (
        Entity("users", "Users", ("reps",), is_daily=True, can_ask_changes=False),
        Entity("pipelines", "Pipelines", ("pipelines",), is_daily=True, can_ask_changes=False),
        Entity(
            "stages",
            "Stages",
            ("stages",),
            is_daily=True,
            can_ask_changes=False,
            names={"pipeline_id": "pipelines"},
        ),
        Entity("deal_fields", "Custom fields", is_daily=True, can_ask_changes=False),
        Entity("organizations", "Organizations", ("accounts",), names={"owner_id": "users"}),
        Entity("persons", "Persons"),
        Entity(
            "deals",
            "Deals",
            ("pipeline_deals", "contacts"),
            DEAL_PASSES,
            names={
                "owner_id": "users",
                "pipeline_id": "pipelines",
                "stage_id": "stages",
                "org_id": "organizations",
                "person_id": "persons",
            },
            repeats=("stages", "organizations", "persons"),
        ),
        Entity(
            "moves",
            "Stage history",
            ("stage_history", "status_events"),
            follows="deals",
            repeats=("stages",),
        ),
        Entity("activities", "Activities", ("activities",), names={"owner_id": "users"}),
        Entity("notes", "Notes", ("notes",), is_lazy=True),
    )

    def reader(self, settings: Settings) -> Reader:
        """A line to the company, not yet asked anything."""
        return Reader(settings)

    def rows(
        self, entity: str, records: Sequence[Kept], lookup: Lookup, settings: Settings
    ) -> Iterator[Given | Gone]:
        """What records mean as rows of datasets; some are there to be looked up alone."""
        if entity in ROWS:
            yield from ROWS[entity](records, lookup, settings)

    def moved_at(self, record: Kept) -> datetime | None:
        """When a deal last went to another stage, or was closed."""
        return history.moved_at(record)


PIPEDRIVE = Pipedrive()
