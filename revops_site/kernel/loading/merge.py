"""Accepted rows into their table: new ones added, differing ones replaced, others left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from revops_site.kernel import freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import moments
from revops_site.kernel.loading.duplicates import unique
from revops_site.kernel.loading.staging import Cursor, Tables

STAMPS = ("row_created_at", "row_updated_at", "load_id")
KNOWN = Identifier("is known")
CHANGED = """
    CREATE TABLE {changed} AS
    SELECT new.*, old.{first_key} IS NOT NULL AS {known}
    FROM {rows} AS new LEFT JOIN {table} AS old ON {same}
    WHERE old.{first_key} IS NULL OR {differs}
"""
WAS = """
    CREATE TABLE {was} AS
    SELECT old.* FROM {table} AS old JOIN {changed} AS new ON {same} WHERE new.{known}
"""
GONE = "CREATE TABLE {was} AS SELECT old.* FROM {table} AS old JOIN {changed} AS new ON {same}"
REMOVE = "DELETE FROM {table} AS old USING {was} AS new WHERE {same}"
LEFT = """
    INSERT INTO {was}
    SELECT old.* FROM {table} AS old JOIN {changed} AS new ON {twin} WHERE NOT new.{known}
"""
LEAVE = "DELETE FROM {table} AS old USING {changed} AS new WHERE NOT new.{known} AND {twin}"
UPDATE = """
    UPDATE {table} AS old SET {setting}, row_updated_at = {at}, load_id = {load}
    FROM {changed} AS new WHERE {same} AND new.{known}
"""
INSERT = """
    INSERT INTO {table} ({columns}) SELECT {values}, {at}, {at}, {load} FROM {source} AS new
"""
# So few changes leave what the planner knows of a table as good as it was.
FEW, NOTICEABLE = 1_000, 0.1
MANY, MOST = 20_000, 0.5


@dataclass(frozen=True)
class Changes:
    """What a merge does: ``first`` says that the table was empty, ``left`` counts moved rows.

    In a ``first`` merge all accepted rows are new, and there is no table of changed ones.
    """

    inserted: int = 0
    updated: int = 0
    left: int = 0
    first: bool = False

    @property
    def rows(self) -> int:
        """How many rows are written."""
        return self.inserted + self.updated


def reach(cursor: Cursor, dataset: Dataset, tables: Tables) -> tuple[date | None, date | None]:
    """The first and the last business day that the accepted rows speak of, up to today.

    What lies in the future is a plan or a slip of the pen: the data do not reach as far. A month
    tells of all its days.
    """
    if not dataset.days:
        return None, None
    workspace = freshness.workspace()
    zone, today = workspace.time_zone, Literal(freshness.stamp(workspace))
    kinds = {column.name: column.kind for column in dataset.columns}
    each = [moments.day_of(kinds[day], Identifier(day), zone) for day in dataset.days]
    told = "CASE WHEN {0} <= {1} THEN LEAST({2}, {1}) END"
    past = [SQL(told).format(day, today, day) for day in each]
    last = [
        SQL(told).format(day, today, moments.last_day_of(kinds[name], day))
        for name, day in zip(dataset.days, each, strict=True)
    ]
    ends = SQL("SELECT min(LEAST({})), max(GREATEST({})) FROM {}")
    cursor.execute(ends.format(SQL(", ").join(past), SQL(", ").join(last), tables.rows))
    first, last = cursor.fetchone()
    return first, last


def compare(cursor: Cursor, dataset: Dataset, tables: Tables, accepted: int) -> Changes:
    """What merging the accepted rows into the table as it is now would change.

    Makes the tables of changed rows and of what they were, unless the table is empty.
    """
    cursor.execute(_compose("SELECT EXISTS (SELECT FROM {table})", dataset, tables))
    if not cursor.fetchone()[0]:
        return Changes(inserted=accepted, first=True)
    cursor.execute(_compose(CHANGED, dataset, tables))
    cursor.execute(_compose("ANALYZE {changed}", dataset, tables))
    cursor.execute(_compose("SELECT {known}, count(*) FROM {changed} GROUP BY 1", dataset, tables))
    counts = dict(cursor.fetchall())
    inserted, updated, left = counts.get(False, 0), counts.get(True, 0), 0
    cursor.execute(_compose(WAS, dataset, tables))
    if inserted and unique(dataset) != dataset.key:
        cursor.execute(_compose(LEFT, dataset, tables))
        left = cursor.rowcount
    return Changes(inserted - left, updated + left, left)


def merge(
    cursor: Cursor, dataset: Dataset, tables: Tables, changes: Changes, load: int, at: datetime
) -> None:
    """Write the rows that are new or differ, stamped with the load and its instant.

    A row that comes under another key than the one it was stored under leaves that one.
    """
    stored = dataset.stored
    setting = SQL(", ").join(
        SQL("{} = {}").format(Identifier(name), Identifier("new", name))
        for name in stored
        if name not in dataset.key
    )
    columns = SQL(", ").join(map(Identifier, (*stored, *STAMPS)))
    values = SQL(", ").join(Identifier("new", name) for name in stored)
    stamps = {"at": Literal(at), "load": Literal(load)}
    if changes.left:
        cursor.execute(_compose(LEAVE, dataset, tables))
    if changes.updated > changes.left:
        cursor.execute(_compose(UPDATE, dataset, tables, setting=setting, **stamps))
    if changes.inserted + changes.left:
        new = SQL("(SELECT * FROM {} WHERE NOT {})").format(tables.changed, KNOWN)
        source = tables.rows if changes.first else new
        parts: dict[str, Composable] = {"columns": columns, "values": values, "source": source}
        cursor.execute(_compose(INSERT, dataset, tables, **parts, **stamps))
    _analyze(cursor, dataset, changes)


def remove(
    cursor: Cursor, dataset: Dataset, tables: Tables, keys: Sequence[tuple[Any, ...]]
) -> int:
    """Delete the rows of these keys, keeping what they were; how many there were."""
    columns = SQL(", ").join(map(Identifier, dataset.key))
    make = "CREATE TABLE {changed} AS SELECT {keys} FROM {table} WITH NO DATA"
    cursor.execute(_compose(make, dataset, tables, keys=columns))
    places = SQL(", ").join([SQL("%s")] * len(dataset.key))
    cursor.executemany(SQL("INSERT INTO {} VALUES ({})").format(tables.changed, places), keys)
    cursor.execute(_compose("ANALYZE {changed}", dataset, tables))
    cursor.execute(_compose(GONE, dataset, tables))
    cursor.execute(_compose(REMOVE, dataset, tables))
    return int(cursor.rowcount)


def is_most(cursor: Cursor, dataset: Dataset, changes: Changes) -> bool:
    """Whether so many rows change that what is kept about the others is not worth the search."""
    return changes.rows > MANY and changes.rows > MOST * _about(cursor, dataset)


def _analyze(cursor: Cursor, dataset: Dataset, changes: Changes) -> None:
    """Let the planner know of a table that has become another one."""
    if changes.first or (
        changes.rows > FEW and changes.rows > NOTICEABLE * _about(cursor, dataset)
    ):
        cursor.execute(SQL("ANALYZE {}").format(Identifier(dataset.table._meta.db_table)))


def _about(cursor: Cursor, dataset: Dataset) -> float:
    """About how many rows the table has, as the planner knows it."""
    table = dataset.table._meta.db_table
    cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
    return float(cursor.fetchone()[0])


def _compose(template: str, dataset: Dataset, tables: Tables, **parts: Composable) -> Composed:
    others = [name for name in dataset.stored if name not in dataset.key]
    differs = SQL("({}) IS DISTINCT FROM ({})").format(
        SQL(", ").join(Identifier("old", name) for name in others),
        SQL(", ").join(Identifier("new", name) for name in others),
    )
    return SQL(template).format(
        table=Identifier(dataset.table._meta.db_table),
        rows=tables.rows,
        changed=tables.changed,
        was=tables.was,
        first_key=Identifier(dataset.key[0]),
        known=KNOWN,
        same=same(dataset.key),
        twin=same(unique(dataset)),
        differs=differs,
        **parts,
    )


def same(columns: tuple[str, ...]) -> Composed:
    """SQL that holds where the stored row ``old`` and the row ``new`` agree in these columns."""
    return SQL(" AND ").join(
        SQL("{} = {}").format(Identifier("old", name), Identifier("new", name)) for name in columns
    )
