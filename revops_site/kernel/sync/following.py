"""What costs a request for each record is asked of those alone that need it, some in each run.

Which these are is kept before they are asked for, so that none is lost to a crash or a wall.
"""

from __future__ import annotations

from datetime import datetime
from itertools import chain

import orjson
from django.db import transaction

from revops_site.kernel.models import SourceRecord, SyncState
from revops_site.kernel.sources import BadDataError, Entity, Reader, Record, Source
from revops_site.kernel.sync import keeping, states
from revops_site.kernel.sync.reading import OVERLAP, Heard

MOST = 200  # a run; the others are left for the next ones


def note(source: Source, entity: Entity, state: SyncState, at: datetime) -> None:
    """Keep which records are to be asked for: the marked ones that moved since they last were.

    When all were read for the first time, the past of none is asked for: it would cost a day's
    allowance.
    """
    if state.watermark is None:
        states.put(state, watermark=at - OVERLAP)
        return
    asked = SourceRecord.objects.filter(source=source.name, entity=entity.name)
    known = dict(asked.values_list("external_id", "updated_at"))
    left = dict.fromkeys(_left(state))
    with transaction.atomic():
        for one in chain.from_iterable(keeping.pending(source.name, entity.follows)):
            moved = source.moved_at(one)
            if moved and moved > (known.get(one.external_id) or state.watermark):
                left[one.external_id] = None
        states.put(state, cursor={"left": list(left)} if left else None)


def read(reader: Reader, source: Source, entity: Entity, state: SyncState, heard: Heard) -> int:
    """Ask for those that are left to be, up to a number; how many were kept."""
    count = 0
    for id_ in _left(state)[:MOST]:
        try:
            told = reader.moves(id_)
            changes = list(told)
        except BadDataError:
            changes = []  # it is gone, or hidden from the token's user
        newest = _newest(source, entity, id_)
        record = Record(id_, orjson.dumps({"changes": changes}, default=str), newest)
        with transaction.atomic():
            if changes:
                keeping.keep(source.name, entity.name, [record])
            left = [other for other in _left(state) if other != id_]
            states.put(state, cursor={"left": left} if left else None)
        count += 1
        heard(1)
    return count


def _newest(source: Source, entity: Entity, id_: str) -> datetime | None:
    """When the record that is followed last moved, as it is kept."""
    for one in keeping.kept(source.name, entity.follows, [id_]):
        return source.moved_at(one)
    return None


def _left(state: SyncState) -> list[str]:
    return list((state.cursor or {}).get("left", ()))
