"""Kept records as rows of datasets, ready to be copied: of many, made while others are loaded.

Python maps on one processor what PostgreSQL checks and merges on another, over a session of its
own, since that of the load is busy. Call it when what it is to see is committed; within somebody's
transaction, whose rows no other session sees, it maps when it is asked.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field

from django.db import connection, transaction

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import session
from revops_site.kernel.loading.feeds import Packer
from revops_site.kernel.sources import Entity, Gone, Raw, Settings, Source
from revops_site.kernel.sync import keeping, yielding
from revops_site.kernel.sync.ahead import ahead

MANY = 2_000  # marked records: fewer are not worth a session
AHEAD = 64  # batches that wait to be copied, of some hundred bytes a record
MOST_KNOWN = 20_000


@dataclass(frozen=True)
class Mapped:
    """Some of an entity's records: their rows by dataset, ready to be copied, and who is gone.

    ``error`` is why the rest of the entity could not be mapped.
    """

    entity: str
    rows: Mapping[Packer, bytes] = field(default_factory=dict)
    gone: Sequence[Gone] = ()
    error: Exception | None = None


@contextmanager
def mapped(
    source: Source, settings: Settings, datasets: Mapping[str, Dataset], entities: Sequence[Entity]
) -> Iterator[Iterator[Mapped]]:
    """What is marked of these entities, one after another, some records at a time.

    What repeats the words of others takes longest: it is mapped while the rest is loaded.
    """
    making = _Mapping(source, settings, datasets)
    marked = [one for one in entities if one.datasets]
    marked.sort(key=lambda one: bool(one.repeats))
    many = any(keeping.is_any_pending(source.name, one.name, beyond=MANY) for one in marked)
    if connection.in_atomic_block or not many:
        yield making.all(marked)
        return
    with closing(ahead(_apart(making.all(marked)), AHEAD)) as coming:
        yield coming


def _apart(made: Generator[Mapped]) -> Generator[Mapped]:
    """The same in a thread's own session, which is over then."""
    try:
        with ExitStack() as stack:
            stack.enter_context(session.unhurried())
            if os.getpriority(os.PRIO_PROCESS, 0) >= yielding.LAST:
                stack.enter_context(yielding.giving_way())
            yield from made
    finally:
        connection.close()


class _Mapping:
    """What maps records, and what it has looked up for that."""

    def __init__(self, source: Source, settings: Settings, datasets: Mapping[str, Dataset]) -> None:
        self._source, self._settings, self._datasets = source, settings, datasets
        self._known: dict[tuple[str, ...], dict[str, Raw | None]] = {}

    def all(self, entities: Sequence[Entity]) -> Generator[Mapped]:
        """All entities' records; one that cannot be mapped stops no other."""
        for entity in entities:
            try:
                with transaction.atomic():
                    yield from self._entity(entity)
            except Exception as error:
                yield Mapped(entity.name, error=error)

    def _entity(self, entity: Entity) -> Iterator[Mapped]:
        packers: dict[str, Packer] = {}
        for batch in keeping.pending(self._source.name, entity.name):
            rows: defaultdict[str, list[Mapping[str, str | None]]] = defaultdict(list)
            gone: list[Gone] = []
            for one in self._source.rows(entity.name, batch, self._lookup, self._settings):
                if isinstance(one, Gone):
                    gone.append(one)
                else:
                    rows[one.dataset].append(one.row)
            for name in rows:
                packers.setdefault(name, Packer(self._datasets[name]))
            packed = {packers[name]: packers[name].pack(some) for name, some in rows.items()}
            yield Mapped(entity.name, packed, gone)

    def _lookup(self, entity: str, ids: Sequence[str], names: Sequence[str]) -> Mapping[str, Raw]:
        """What many records name, as long as it fits, is looked up once."""
        known = self._known.setdefault((entity, *names), {})
        if lacking := [id_ for id_ in dict.fromkeys(ids) if id_ not in known]:
            if len(known) + len(lacking) > MOST_KNOWN:
                known.clear()
                lacking = list(ids)
            known.update(dict.fromkeys(lacking))
            known.update(keeping.found(self._source.name, entity, lacking, names))
        return {id_: raw for id_ in ids if (raw := known[id_]) is not None}
