"""Accepted rows into their table: new ones added, differing ones replaced, others left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from psycopg.sql import SQL, Composable, Composed, Identifier

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading.staging import Cursor, Tables

STAMPS = ("row_created_at", "row_updated_at", "load_id")
COUNT = """
    SELECT {day}, count(*) FILTER (WHERE old.{key} IS NULL),
        count(*) FILTER (WHERE old.{key} IS NOT NULL AND {differs})
    FROM {rows} AS new LEFT JOIN {table} AS old ON old.{key} = new.{key}
    GROUP BY 1 ORDER BY 1
"""
ADD = """
    INSERT INTO {table} ({columns})
    SELECT {values}, %(at)s, %(at)s, %(load)s
    FROM {rows} AS new
    WHERE NOT EXISTS (SELECT FROM {table} AS old WHERE old.{key} = new.{key})
"""
MERGE = """
    MERGE INTO {table} AS old USING {rows} AS new ON old.{key} = new.{key}
    WHEN MATCHED AND {differs} THEN
        UPDATE SET {setting}, row_updated_at = %(at)s, load_id = %(load)s
    WHEN NOT MATCHED THEN
        INSERT ({columns}) VALUES ({values}, %(at)s, %(at)s, %(load)s)
"""


@dataclass(frozen=True)
class Changes:
    """What a merge does: counts, and the days (of the dataset's first day column) it touches."""

    inserted: int
    updated: int
    days: tuple[date, ...]


def reach(cursor: Cursor, dataset: Dataset, tables: Tables) -> tuple[date | None, date | None]:
    """The first and the last day that the accepted rows speak of."""
    if not dataset.days:
        return None, None
    days = SQL(", ").join(Identifier(day) for day in dataset.days)
    ends = SQL("SELECT min(LEAST({0})), max(GREATEST({0})) FROM {1}").format(days, tables.rows)
    cursor.execute(ends)
    first, last = cursor.fetchone()
    return first, last


def compare(cursor: Cursor, dataset: Dataset, tables: Tables) -> Changes:
    """What merging the accepted rows into the table as it is now would change."""
    day = Identifier("new", dataset.days[0]) if dataset.days else SQL("NULL::date")
    cursor.execute(_compose(COUNT, dataset, tables, day=day))
    found = [(on, new, changed) for on, new, changed in cursor.fetchall() if new or changed]
    return Changes(
        inserted=sum(new for _, new, _ in found),
        updated=sum(changed for _, _, changed in found),
        days=tuple(on for on, _, _ in found if on is not None),
    )


def merge(
    cursor: Cursor, dataset: Dataset, tables: Tables, changes: Changes, load: int, at: datetime
) -> None:
    """Write the accepted rows that are new or differ, stamped with the load and its instant.

    Where no row differs they are added by INSERT, which is a quarter faster than MERGE.
    """
    stored = dataset.stored
    setting = SQL(", ").join(
        SQL("{} = {}").format(Identifier(name), Identifier("new", name))
        for name in stored
        if name != dataset.key
    )
    columns = SQL(", ").join(map(Identifier, (*stored, *STAMPS)))
    values = SQL(", ").join(Identifier("new", name) for name in stored)
    write = _compose(
        MERGE if changes.updated else ADD,
        dataset,
        tables,
        setting=setting,
        columns=columns,
        values=values,
    )
    cursor.execute(write, {"at": at, "load": load})
    cursor.execute(_compose("ANALYZE {table}", dataset, tables))


def _compose(template: str, dataset: Dataset, tables: Tables, **parts: Composable) -> Composed:
    others = [name for name in dataset.stored if name != dataset.key]
    differs = SQL("({}) IS DISTINCT FROM ({})").format(
        SQL(", ").join(Identifier("old", name) for name in others),
        SQL(", ").join(Identifier("new", name) for name in others),
    )
    return SQL(template).format(
        table=Identifier(dataset.table._meta.db_table),
        rows=tables.rows,
        key=Identifier(dataset.key),
        differs=differs,
        **parts,
    )
