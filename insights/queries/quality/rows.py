"""The rows that a check finds, in pages or all in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from psycopg.sql import SQL, Composable, Identifier

from insights.queries.loads import SIZE, Page, within
from insights.queries.quality.check import Check
from revops_site.kernel.models import Workspace
from revops_site.kernel.replica import connection

REACH = 10_000  # rows that one can page through; a file holds all of them
SORTABLE = 100_000  # rows, up to which they are sorted by any column
CHUNK = 2_000
ROWS = "SELECT {columns} FROM {table} WHERE {condition} ORDER BY {order}"
WINDOW = " LIMIT {limit} OFFSET {offset}"


class FoundRow(NamedTuple):
    """A row: Django's key of it, the load that brought it, the values of the check's columns."""

    pk: Any
    load_id: int | None
    values: Sequence[Any]


def rows(
    check: Check, workspace: Workspace, *, total: int, sort: str = "", page: int = 1
) -> Page[FoundRow]:
    """A page of the ``total`` rows that the check finds, in its order or by one of its columns.

    ``-name`` is descending; where there are many rows they are in the order of the key, which
    needs no sort. A page beyond the last one is the last one.
    """
    reached = min(total, REACH)
    number = within(page, reached)
    order = _order(check, sort) if total <= SORTABLE else _by_key(check)
    window = SQL(WINDOW).format(limit=SIZE, offset=(number - 1) * SIZE)
    with connection.cursor() as cursor:
        cursor.execute(_query(check, order) + window, check.parameters(workspace))
        found = [FoundRow(row[0], row[1], row[2:]) for row in cursor.fetchall()]
    return Page(found, number, total)


def all_rows(check: Check, workspace: Workspace) -> Iterator[Sequence[Any]]:
    """The values of every row that the check finds, in its order, a few at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_query(check, _order(check, "")), check.parameters(workspace))
        while some := cursor.fetchmany(CHUNK):
            yield from (row[2:] for row in some)


def _query(check: Check, order: Sequence[Composable]) -> Composable:
    key = str(check.dataset.table._meta.pk.column)
    named = _named((key, "load_id", *check.columns))
    return SQL(ROWS).format(
        columns=SQL(", ").join(named),
        table=check.table,
        condition=check.found,
        order=SQL(", ").join(order),
    )


def _order(check: Check, sort: str) -> Sequence[Composable]:
    by = sort.removeprefix("-")
    if by not in check.columns:
        return (*_named(check.order), *_by_key(check))
    way = SQL("DESC NULLS LAST" if sort.startswith("-") else "ASC NULLS LAST")
    return (SQL("it.{} {}").format(Identifier(by), way), *_by_key(check))


def _by_key(check: Check) -> Sequence[Composable]:
    return _named(check.dataset.key)


def _named(columns: Sequence[str]) -> Sequence[Composable]:
    return tuple(SQL("it.{}").format(Identifier(name)) for name in columns)
