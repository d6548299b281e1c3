"""What would come of records, were they loaded: they are, and that is taken back at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, Min

from revops_site.kernel import clock, freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.records import Run
from revops_site.kernel.models import DataLoad, RejectedRow
from revops_site.kernel.sources import Entity, Given, Kept, Raw, Record, Settings, Source
from revops_site.kernel.sync import keeping, landing, states

MOST_PAGES = 4
MOST_ROWS = 5
MOST_REASONS = 20
SHOWN = "pipeline_deals"


class Read(NamedTuple):
    """Records of an entity, and whether they are all."""

    entity: Entity
    records: Sequence[Record]
    is_whole: bool


def tried(
    source: Source, given: Settings, catalog: Sequence[Dataset], read: Sequence[Read], at: datetime
) -> dict[str, Any]:
    """What a load of the records would do by dataset, what it would refuse, and a few deals."""
    today = at.astimezone(ZoneInfo(freshness.workspace().time_zone)).date()
    with transaction.atomic():
        for one in read:
            states.state_of(source.name, one.entity.name)  # what is kept is numbered by it
            keeping.keep(source.name, one.entity.name, one.records)
        found = _landed(source, given, catalog, read, today)
        found["deals"] = _deals(source, given, read)
        transaction.set_rollback(True)
    return found


def _landed(
    source: Source,
    given: Settings,
    catalog: Sequence[Dataset],
    read: Sequence[Read],
    today: date,
) -> dict[str, Any]:
    run = Run(uuid.uuid4(), clock.now(), None, False, "sync")
    entities = [one.entity for one in read]
    result = landing.land(source, given, catalog, entities, run, today)
    loads = DataLoad.objects.filter(run=run.id, rows__gt=0).order_by("id")
    refused = RejectedRow.objects.filter(load__run=run.id).values(
        "load__dataset", "column", "reason"
    )
    reasons = refused.annotate(count=Count("id"), value=Min("value")).order_by("-count")
    return {
        "loads": [
            {
                "dataset": one.dataset,
                "rows": one.rows,
                "inserted": one.inserted,
                "updated": one.updated,
                "refused": one.refused,
            }
            for one in loads
        ],
        "refused": [
            {
                "dataset": one["load__dataset"],
                "column": one["column"],
                "value": one["value"],
                "reason": one["reason"],
                "count": one["count"],
            }
            for one in reasons[:MOST_REASONS]
        ],
        "failed": list(result.failed.values()),
    }


def _deals(source: Source, given: Settings, read: Sequence[Read]) -> list[dict[str, str]]:
    """A few rows as they would be stored."""

    def lookup(entity: str, ids: Sequence[str], names: Sequence[str]) -> Mapping[str, Raw]:
        return keeping.found(source.name, entity, ids, names)

    rows = (
        row
        for one in read
        for row in source.rows(one.entity.name, _kept(one.records[:MOST_ROWS]), lookup, given)
    )
    shown = [row.row for row in rows if isinstance(row, Given) and row.dataset == SHOWN]
    return [{name: value or "" for name, value in row.items()} for row in shown[:MOST_ROWS]]


def _kept(records: Sequence[Record]) -> list[Kept]:
    return [
        Kept(one.external_id, keeping.read(one.raw.decode()), one.is_deleted, one.is_archived)
        for one in records
    ]
