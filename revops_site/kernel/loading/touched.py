"""Which parts of which roll-ups a run has touched; they are computed anew once, at its end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from psycopg.sql import SQL, Composable

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.merge import Changes, is_most
from revops_site.kernel.loading.staging import Cursor, Tables

if TYPE_CHECKING:
    from revops_site.kernel.rollups import RollUp

# A roll-up → the buckets of it that were touched; None for all of them.
Touched: TypeAlias = "dict[RollUp, frozenset[Any] | None]"


def hold(cursor: Cursor, dataset: Dataset) -> None:
    """Keep others from deriving rows of the dataset's own table until the transaction ends.

    Call it before the rows are compared: what a load of another dataset adds there meanwhile
    would be neither seen nor let in.
    """
    for touch in dataset.touches:
        if dataset.model in (touch.roll_up.model, *touch.roll_up.beside):
            touch.roll_up.hold(cursor)


def by_merge(cursor: Cursor, dataset: Dataset, tables: Tables, changes: Changes) -> Touched:
    """What the changed rows count in, by what they were and by what they are.

    Call it when the rows were compared. Where most of a large table changes, or all of it is new,
    everything is touched.
    """
    if not dataset.touches or changes.first or is_most(cursor, dataset, changes):
        return {touch.roll_up: None for touch in dataset.touches}
    return _buckets(cursor, dataset, (tables.was, tables.changed))


def by_removal(cursor: Cursor, dataset: Dataset, tables: Tables) -> Touched:
    """What the removed rows counted in."""
    return _buckets(cursor, dataset, (tables.was,))


def refresh(touched: Iterable[Touched]) -> None:
    """Compute anew, once for each roll-up, all that was touched.

    In the order that datasets name them in, since one may be made of another. Who follows the
    rows without keeping any is told last, when all of that stands.
    """
    everything: dict[RollUp, list[frozenset[Any] | None]] = {}
    for found in touched:
        for roll_up, buckets in found.items():
            everything.setdefault(roll_up, []).append(buckets)
    for roll_up, parts in sorted(everything.items(), key=lambda one: not one[0].model):
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            roll_up.rebuild()
        elif buckets := frozenset().union(*known):
            roll_up.refresh(sorted(buckets))


def _buckets(cursor: Cursor, dataset: Dataset, tables: Iterable[Composable]) -> Touched:
    sources = list(tables)
    kinds = dict.fromkeys(touch.buckets for touch in dataset.touches)
    found = {buckets: _of(cursor, buckets, sources) if buckets else None for buckets in kinds}
    return {touch.roll_up: found[touch.buckets] for touch in dataset.touches}


def _of(cursor: Cursor, buckets: tuple[str, ...], tables: Iterable[Composable]) -> frozenset[Any]:
    each = SQL(", ").join(SQL("({})").format(SQL(bucket)) for bucket in buckets)
    find = "SELECT bucket FROM {}, LATERAL (VALUES {}) AS each (bucket) WHERE bucket IS NOT NULL"
    found = SQL(" UNION ").join(SQL(find).format(table, each) for table in tables)
    cursor.execute(found)
    return frozenset(bucket for (bucket,) in cursor.fetchall())
