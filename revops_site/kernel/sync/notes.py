"""A deal's notes, fetched when somebody looks at it: to have all of them would cost too much."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import JSONField
from django.db.models.functions import Cast

from revops_site.kernel import clock, freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.records import Run
from revops_site.kernel.models import SourceRecord
from revops_site.kernel.sources import Source
from revops_site.kernel.sync import connections, keeping, landing, states

ENTITY = "notes"


def fetch_notes(source: Source, catalog: Sequence[Dataset], deal_id: str) -> int:
    """Load the notes of a deal as they are now; how many rows that changed.

    Raises a SourceError where they cannot be read.
    """
    settings = connections.settings_of(source.name)
    if settings is None:
        return 0
    with source.reader(settings) as reader:
        found = list(reader.notes(deal_id))
    here = SourceRecord.objects.filter(source=source.name, entity=ENTITY, is_deleted=False)
    kept = here.annotate(fields=Cast("raw", JSONField())).filter(fields__deal_id=_raw(deal_id))
    known = kept.values_list("external_id", flat=True)
    gone = sorted(set(known) - {one.external_id for one in found})
    states.state_of(source.name, ENTITY)
    with transaction.atomic():
        keeping.keep(source.name, ENTITY, found)
        keeping.bury(source.name, ENTITY, gone)
    entity = next(one for one in source.entities if one.name == ENTITY)
    run = Run(uuid.uuid4(), clock.now(), None, False, "sync")
    today = freshness.stamp(freshness.workspace())
    return landing.land(source, settings, catalog, [entity], run, today).changed


def _raw(id_: str) -> int | str:
    """An id as the source writes it."""
    return int(id_) if id_.isdigit() else id_
