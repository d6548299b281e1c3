"""Counts what checks find: at once where there is little data, else in the background."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.sql import SQL, Composable, Identifier, Literal

from insights.queries.quality.check import Check
from revops_site.kernel import clock, counts, freshness
from revops_site.kernel.datasets import Dataset
from revops_site.kernel.models import Workspace
from revops_site.kernel.replica import connection

MOST_AT_ONCE = 500_000
COUNT = "SELECT count(*) FROM {table} WHERE {condition}"
HAS_ROWS = "SELECT {name}, EXISTS (SELECT FROM {table})"


@dataclass(frozen=True)
class Count:
    """How many rows a check found, out of how many that it looked at."""

    found: int
    total: int

    @property
    def share(self) -> float | None:
        """The part that was found; None where nothing was looked at."""
        return self.found / self.total if self.total else None


@dataclass(frozen=True)
class Counts:
    """Counts by the check's slug, without those that say nothing; of which data, and when.

    ``day`` is the business day of ``at``.
    """

    by_slug: Mapping[str, Count]
    generation: int
    at: datetime
    day: date


def takes_long(checks: Iterable[Check], workspace: Workspace) -> bool:
    """Whether there are so many rows that nobody should wait for them to be counted."""
    tables = {one.dataset.table for one in checks}
    rows = freshness.remembered(
        f"quality-rows:{workspace.generation}", lambda: sum(map(counts.about, tables))
    )
    return rows > MOST_AT_ONCE


def counted(checks: Sequence[Check], workspace: Workspace) -> Counts:
    """What each check finds in the data as they are now."""
    filled = _filled(dataset for check in checks for dataset in check.datasets)
    totals: dict[tuple[str, str], int] = {}
    by_slug = {}
    for check in checks:
        if not all(one.name in filled for one in check.datasets):
            continue
        parameters = check.parameters(workspace)
        looked_at = (check.dataset.name, check.among)
        if looked_at not in totals:
            totals[looked_at] = _number(check.table, check.looks_at, parameters)
        found = _number(check.table, check.found, parameters) if totals[looked_at] else 0
        by_slug[check.slug] = Count(found, totals[looked_at])
    return Counts(by_slug, workspace.generation, clock.now(), freshness.stamp(workspace))


def counted_at_once(checks: Sequence[Check], workspace: Workspace) -> Counts:
    """The same, from the cache where it was counted before on this day."""
    key = f"quality:{workspace.generation}:{freshness.stamp(workspace)}"
    return freshness.remembered(key, lambda: counted(checks, workspace))


def _number(table: Composable, condition: Composable, parameters: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SQL(COUNT).format(table=table, condition=condition), parameters)
        return int(cursor.fetchone()[0])


def _filled(datasets: Iterable[Dataset]) -> set[str]:
    """The names of those that have any row."""
    tables = {one.name: one.table._meta.db_table for one in datasets}
    parts = [
        SQL(HAS_ROWS).format(name=Literal(name), table=Identifier(table))
        for name, table in tables.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(SQL(" UNION ALL ").join(parts))
        return {name for name, has_rows in cursor.fetchall() if has_rows}
