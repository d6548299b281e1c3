"""Kept records into the tables: what is marked becomes rows, by the way of files, all at once."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db import connection, transaction

from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import feeds, landing, session
from revops_site.kernel.loading.feeds import Feed
from revops_site.kernel.loading.landing import Landed
from revops_site.kernel.loading.records import Run
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.sources import Entity, Gone, Settings, Source
from revops_site.kernel.sync import keeping, mapping
from revops_site.kernel.sync.mapping import Mapped

logger = logging.getLogger(__name__)

FAILED = (
    "The records came, but the product failed at them. Your administrator finds why in the log."
)


@dataclass
class Result:
    """What became of marked records: rows changed in all, and why an entity's did not land."""

    changed: int = 0
    refused: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def land(
    source: Source,
    settings: Settings,
    catalog: Sequence[Dataset],
    entities: Sequence[Entity],
    run: Run,
    today: date,
) -> Result:
    """Load what is marked of these entities, in one transaction.

    An entity whose records make the product fail is left as it was; the others land.
    """
    datasets = {one.name: one for one in catalog}
    names = {name for entity in entities for name in entity.datasets}
    follow = [datasets[name].repeated for name in names]
    names.update(name for one in follow if one for name in one.datasets)

    def load() -> Result:
        with (
            mapping.mapped(source, settings, datasets, entities) as mapped,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            return _Landing(cursor, source, datasets, run, today).load(entities, mapped)

    with session.unhurried(), session.locked(names):
        _follow(source)
        return session.insist(load)


def _follow(source: Source) -> None:
    """Mark what names a marked record and repeats its words.

    Also of entities that could not be read now: what they name would be forgotten else.
    """
    with transaction.atomic():
        for entity in source.entities:
            if not keeping.is_any_landed(source.name, entity.name):
                continue
            for named in set(entity.repeats) - set(entity.names.values()):
                if keeping.is_any_pending(source.name, named):
                    keeping.mark(source.name, entity.name)
            for name, named in entity.names.items():
                if named in entity.repeats and keeping.is_any_pending(source.name, named):
                    keeping.follow(source.name, entity.name, name, named)


class _Landing:
    """One transaction's work."""

    def __init__(
        self,
        cursor: Cursor,
        source: Source,
        datasets: Mapping[str, Dataset],
        run: Run,
        today: date,
    ) -> None:
        self._cursor, self._source, self._datasets = cursor, source, datasets
        self._run, self._today = run, today
        self._tables = 0
        self._landed: list[Landed] = []

    def load(self, entities: Sequence[Entity], mapped: Iterator[Mapped]) -> Result:
        """Load all entities that can be, and what follows from that."""
        result = Result()
        for name, some in groupby(mapped, key=lambda one: one.entity):
            try:
                with transaction.atomic():
                    found = self._load(some)
            except Exception:
                logger.exception("%s %s did not land", self._source.name, name)
                result.failed[name] = FAILED
            else:
                self._landed += found
                # Done while the next ones are still being mapped.
                session.check_references(self._cursor)
        good = [entity for entity in entities if entity.name not in result.failed]
        for entity in good:
            keeping.done(self._source.name, entity.name)
        self._finish(good, result)
        return result

    def _load(self, mapped: Iterator[Mapped]) -> list[Landed]:
        fed: dict[str, Feed] = {}
        gone: defaultdict[tuple[str, str, bool], list[Gone]] = defaultdict(list)
        for some in mapped:
            if some.error:
                raise some.error
            for one in some.gone:
                gone[one.dataset, one.column, one.is_ours].append(one)
            for packer, packed in some.rows.items():
                name = packer.dataset.name
                if name not in fed:
                    fed[name] = Feed(self._cursor, packer, self._next())
                fed[name].put(packed)
        order = [name for name in self._datasets if name in fed]
        left = self._take_out(gone)
        landed = [fed[name].land(self._run, self._source.label, self._today) for name in order]
        return [*left, *landed]

    def _take_out(self, gone: Mapping[tuple[str, str, bool], list[Gone]]) -> list[Landed]:
        landed = []
        for name, group in groupby(gone, key=lambda one: one[0]):
            dataset, keys = self._datasets[name], set()
            for _, column, is_ours in group:
                keys |= self._keys(dataset, column, is_ours, gone[name, column, is_ours])
            if keys:
                called = self._source.label, self._today
                args = self._cursor, self._run, dataset, self._next(), sorted(keys, key=str)
                landed.append(feeds.take_out(*args, *called))
        return landed

    def _keys(
        self, dataset: Dataset, column: str, is_ours: bool, gone: Sequence[Gone]
    ) -> set[tuple[object, ...]]:
        """The keys of the rows that are to go, of those that are there."""
        values = [one.value for one in gone]
        stored = feeds.keys_where(self._cursor, dataset, column, values, is_ours)
        names = list(dict.fromkeys((*dataset.key, *dataset.identity)))
        kept = {(one.value, *one.kept) for one in gone if one.kept[0]}
        spared = {one[1] for one in kept}
        found = (dict(zip(names, row, strict=True)) for row in stored)
        return {
            tuple(row[name] for name in dataset.key)
            for row in found
            if not any((row.get(column), name, row[name]) in kept for name in spared)
        }

    def _finish(self, entities: Sequence[Entity], result: Result) -> None:
        reports = landing.finish(self._cursor, self._landed)
        for load in self._landed:
            load.tables.drop(self._cursor)
        result.changed = sum(one.inserted + one.updated + one.deleted for one in reports)
        result.refused = sum(one.refused for one in reports)
        told = {load.dataset.name for load in self._landed}
        names = {name for entity in entities for name in entity.datasets} - told
        dated = [self._datasets[name] for name in sorted(names) if self._datasets[name].days]
        news = [feeds.reach(self._run, one, self._source.label, self._today) for one in dated]
        if any(news):
            freshness.bump()

    def _next(self) -> Tables:
        self._tables += 1
        return Tables(self._tables)
