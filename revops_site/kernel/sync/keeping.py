"""The records as their source gave them: the newest of each is kept, and what is new is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import orjson
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

from revops_site.kernel.loading.feeds import ESCAPED
from revops_site.kernel.models import SourceRecord, SyncState
from revops_site.kernel.sources import Kept, Raw, Record

BATCH = 2000
# The number of what is kept now, and up to which the tables hold all.
STATE = "(SELECT {} FROM kernel_syncstate WHERE source = %(source)s AND entity_type = %(entity)s)"
NUMBERS = {"version": STATE.format("version"), "landed": STATE.format("landed")}
# Newer wins, and so does the same moment: some changes do not move it.
KEEP = """
    INSERT INTO kernel_sourcerecord AS old (
        source, entity, external_id, raw, updated_at, is_deleted, is_archived,
        is_gone, version, reading
    )
    SELECT %(source)s, %(entity)s, id, raw, updated_at, is_deleted, is_archived,
        false, {version}, %(reading)s
    FROM ROWS FROM (
        unnest(%(raws)s::text[]), unnest(%(ids)s::text[]),
        unnest(%(times)s::timestamptz[]), unnest(%(deleted)s::boolean[]),
        unnest(%(archived)s::boolean[])
    ) AS new (raw, id, updated_at, is_deleted, is_archived)
    ON CONFLICT (external_id, source, entity) DO UPDATE
    SET raw = excluded.raw, updated_at = excluded.updated_at, is_deleted = excluded.is_deleted,
        is_archived = excluded.is_archived, is_gone = false, version = excluded.version,
        reading = GREATEST(old.reading, excluded.reading)
    WHERE (excluded.updated_at >= old.updated_at) IS NOT FALSE
        AND (old.raw, old.updated_at, old.is_deleted, old.is_archived, old.is_gone)
            IS DISTINCT FROM (excluded.raw, excluded.updated_at, excluded.is_deleted,
                excluded.is_archived, false)
"""
COPY = """
    COPY kernel_sourcerecord (source, entity, external_id, raw, updated_at, is_deleted, is_archived,
        is_gone, version, reading) FROM STDIN
"""
SEEN = """
    UPDATE kernel_sourcerecord SET reading = %(reading)s
    WHERE source = %(source)s AND entity = %(entity)s AND external_id = ANY(%(ids)s)
        AND reading < %(reading)s
"""
UNSEEN = """
    SELECT external_id FROM kernel_sourcerecord
    WHERE source = %s AND entity = %s AND reading < %s AND NOT is_deleted ORDER BY 1
"""
BURY = """
    UPDATE kernel_sourcerecord SET is_deleted = true, is_gone = true, version = {version}
    WHERE source = %(source)s AND entity = %(entity)s AND external_id = ANY(%(ids)s)
"""
# What was deleted before and is not told of any more is purged there; here it stays deleted.
PURGED = """
    UPDATE kernel_sourcerecord SET is_gone = true
    WHERE source = %s AND entity = %s AND reading < %s AND is_deleted AND NOT is_gone
"""
FOUND = """
    SELECT external_id, raw FROM kernel_sourcerecord
    WHERE external_id = ANY(%s) AND source = %s AND entity = %s
"""
DONE = """
    UPDATE kernel_syncstate SET landed = version, version = version + 1
    WHERE source = %s AND entity_type = %s
"""
# Whoever names a record that is mapped anew is mapped anew too: it may repeat its name.
FOLLOW = """
    UPDATE kernel_sourcerecord AS names SET version = {version}
    FROM kernel_sourcerecord AS named, kernel_syncstate AS theirs
    WHERE named.source = %(source)s AND named.entity = %(named)s
        AND theirs.source = %(source)s AND theirs.entity_type = %(named)s
        AND named.version > theirs.landed
        AND names.source = %(source)s AND names.entity = %(entity)s AND names.version <= {landed}
        AND names.raw::json ->> %(field)s = named.external_id
"""
UNKNOWN = """
    SELECT EXISTS (
        SELECT FROM kernel_sourcerecord AS names
        WHERE names.source = %(source)s AND names.entity = %(entity)s AND names.version > {landed}
            AND names.raw::json ->> %(field)s IS NOT NULL AND NOT EXISTS (
                SELECT FROM kernel_sourcerecord AS named
                WHERE named.source = %(source)s AND named.entity = %(named)s
                    AND named.external_id = names.raw::json ->> %(field)s
            )
    )
"""


def keep(source: str, entity: str, records: Iterable[Record], reading: int = 0) -> None:
    """Keep records that are newer than what is kept of them; ``reading`` saw them all."""
    found = list({record.external_id: record for record in records}.values())
    if not found or (reading == 1 and _copied(source, entity, found)):
        return
    given: Any = {
        "source": source,
        "entity": entity,
        "reading": reading,
        "ids": [record.external_id for record in found],
        "raws": [record.raw.decode() for record in found],
        "times": [record.updated_at for record in found],
        "deleted": [record.is_deleted for record in found],
        "archived": [record.is_archived for record in found],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP.format(**NUMBERS), given)
        if reading > 1:  # in the first one nothing was there before
            cursor.execute(SEEN, given)


def _copied(source: str, entity: str, records: Sequence[Record]) -> bool:
    """Whether records of a first reading could be kept as new ones, which costs less."""
    version = SyncState.objects.values_list("version").get(source=source, entity_type=entity)[0]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            copying: Any = cursor
            with connection.wrap_database_errors, copying.copy(COPY) as copy:
                copy.write(_lines(source, entity, records, version))
    except IntegrityError:  # one of them moved from list to list meanwhile
        return False
    return True


def _lines(source: str, entity: str, records: Sequence[Record], version: int) -> bytes:
    """Records as COPY reads them; JSON has no other sign than the backslash that COPY minds."""
    parts: list[bytes] = []
    for one in records:
        at = one.updated_at.isoformat() if one.updated_at else r"\N"
        id_ = one.external_id.translate(ESCAPED)
        marks = f"\t{at}\t{one.is_deleted:d}\t{one.is_archived:d}\t0\t{version}\t1\n"
        raw = one.raw.replace(b"\\", rb"\\") if b"\\" in one.raw else one.raw
        parts += f"{source}\t{entity}\t{id_}\t".encode(), raw, marks.encode()
    return b"".join(parts)


def settle() -> None:
    """Let the planner know of the records, once many of them came."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kernel_sourcerecord (source, entity, external_id, version)")


def unseen(source: str, entity: str, reading: int) -> list[str]:
    """The ids of records that a whole reading did not show, of those not known as deleted."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEEN, [source, entity, reading])
        return [id_ for (id_,) in cursor.fetchall()]


def living(source: str, entity: str) -> int:
    """How many records of an entity are not deleted."""
    return SourceRecord.objects.filter(source=source, entity=entity, is_deleted=False).count()


def bury(source: str, entity: str, ids: Sequence[str]) -> None:
    """Mark records as deleted that their source does not have any more."""
    with connection.cursor() as cursor:
        given: Any = {"source": source, "entity": entity, "ids": list(ids)}
        cursor.execute(BURY.format(**NUMBERS), given)


def purge(source: str, entity: str, reading: int) -> None:
    """Mark deleted records as gone that a whole reading did not show."""
    with connection.cursor() as cursor:
        cursor.execute(PURGED, [source, entity, reading])


def pending(source: str, entity: str) -> Iterator[list[Kept]]:
    """The records that the tables do not hold as they are, some at a time, in no order.

    Call it in a transaction.
    """
    found = _marked(source, entity)
    columns = found.values_list("external_id", "raw", "is_deleted", "is_archived")
    rows = columns.iterator(chunk_size=BATCH)
    while batch := list(islice(rows, BATCH)):
        yield [Kept(id_, read(raw), gone, away) for id_, raw, gone, away in batch]


def kept(source: str, entity: str, ids: Sequence[str]) -> list[Kept]:
    """The records of these ids, of those that are kept."""
    found = SourceRecord.objects.filter(source=source, entity=entity, external_id__in=ids)
    return [Kept(one.external_id, read(one.raw), one.is_deleted, one.is_archived) for one in found]


def mark(source: str, entity: str) -> None:
    """Have all records of an entity mapped anew."""
    SyncState.objects.filter(source=source, entity_type=entity).update(landed=0)


def is_any_landed(source: str, entity: str) -> bool:
    """Whether the tables hold any record of an entity."""
    states = SyncState.objects.filter(source=source, entity_type=entity)
    return states.filter(landed__gt=0).exists()


def is_any_pending(source: str, entity: str, *, beyond: int = 0) -> bool:
    """Whether the tables do not hold some record of an entity as it is, ``beyond`` so many."""
    return _marked(source, entity)[beyond:].exists()


def done(source: str, entity: str) -> None:
    """Mark that the tables hold all records of an entity as they are."""
    with connection.cursor() as cursor:
        cursor.execute(DONE, [source, entity])


def follow(source: str, entity: str, field: str, named: str) -> None:
    """Mark the records of ``entity`` whose ``field`` names a marked one of ``named``."""
    with connection.cursor() as cursor:
        given = {"source": source, "entity": entity, "field": field, "named": named}
        cursor.execute(FOLLOW.format(**NUMBERS), given)


def names_unknown(source: str, entity: str, field: str, named: str) -> bool:
    """Whether the ``field`` of a marked record names one of ``named`` that is not kept."""
    with connection.cursor() as cursor:
        given = {"source": source, "entity": entity, "field": field, "named": named}
        cursor.execute(UNKNOWN.format(**NUMBERS), given)
        return bool(cursor.fetchone()[0])


def remap(source: str) -> None:
    """Have all records mapped anew by the next run, since their words mean something else now."""
    SyncState.objects.filter(source=source).update(landed=0)


def found(source: str, entity: str, ids: Sequence[str], names: Sequence[str]) -> dict[str, Raw]:
    """These fields of the records of these ids, of those that are kept."""
    known: dict[str, Raw] = {}
    every = iter(dict.fromkeys(ids))
    while some := list(islice(every, BATCH)):
        with connection.cursor() as cursor:
            cursor.execute(FOUND, [some, source, entity])
            for id_, raw in cursor.fetchall():
                fields = read(raw)
                known[id_] = {name: fields.get(name) for name in names}
    return known


def read(raw: str) -> dict[str, Any]:
    """The fields of a record."""
    fields: dict[str, Any] = orjson.loads(raw)
    return fields


def _marked(source: str, entity: str) -> QuerySet[SourceRecord]:
    state = SyncState.objects.filter(source=source, entity_type=entity)
    landed = Coalesce(Subquery(state.values("landed")[:1]), 0)
    return SourceRecord.objects.filter(source=source, entity=entity, version__gt=landed)
