"""Staged texts as rows of the dataset: each cell in its column's type, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, DecimalField, Field, IntegerField, SmallIntegerField
from psycopg.sql import SQL, Composable, Composed, Identifier

from revops_site.kernel import freshness
from revops_site.kernel.datasets import Column, Dataset
from revops_site.kernel.loading import cells, people
from revops_site.kernel.loading.cells import Cell
from revops_site.kernel.loading.sources import Fit
from revops_site.kernel.loading.staging import Cursor, Tables, place

TYPES: Mapping[str, str] = {
    "integer": "bigint",
    "decimal": "numeric",
    "date": "date",
    "instant": "timestamptz",
    "month": "date",
    "boolean": "boolean",
    "team": "bigint",
}
INTEGER_DIGITS = ((BigIntegerField, 18), (SmallIntegerField, 4), (IntegerField, 9))


def all_cells(fit: Fit) -> list[Cell]:
    """Every column of the dataset, as the file has it."""
    zone = freshness.workspace().time_zone
    return [_cell(fit, column, zone) for column in fit.dataset.columns]


def make(cursor: Cursor, fit: Fit, tables: Tables, all_plain: bool) -> int:
    """Make the table of rows from the staged records, with the derived columns; how many.

    ``all_plain`` says that each cell is written in the plainest way.
    """
    named = {column.name for column in people.named(fit)}
    values = []
    for cell in all_cells(fit):
        if cell.column.name in named:
            cell = replace(cell, text=people.id_of(cell.column))
        values.append(_as(cells.value(cell, all_plain), cell.column.name))
    values += [
        _as(cells.number(_text(fit, ratio.header)), ratio.header)
        for ratio in fit.dataset.recomputed
    ]
    # What is derived under the name of a column takes that one's place.
    derived = [
        SQL("CAST({} AS {}) AS {}").format(
            sql(column.expression, fit.dataset, tables),
            SQL(fit.dataset.fields[column.name].db_type(connection) or "text"),
            Identifier(column.name),
        )
        for column in fit.dataset.derived
    ]
    # Without OFFSET the planner would compute a value again wherever another follows from it.
    create = "CREATE TABLE {} AS SELECT {} FROM (SELECT line, {} FROM {}{} OFFSET 0) AS given"
    taken = {column.name for column in fit.dataset.derived}
    names = ["line", *(column.name for column in fit.dataset.columns)]
    names += [ratio.header for ratio in fit.dataset.recomputed]
    kept = [Identifier("given", name) for name in names if name not in taken]
    everything = SQL(", ").join([*kept, *derived])
    given = SQL(", ").join(values)
    joins = people.joins(fit, tables)
    cursor.execute(SQL(create).format(tables.rows, everything, given, tables.staging, joins))
    return int(cursor.rowcount)


def sql(expression: str, dataset: Dataset, tables: Tables) -> Composed:
    """A promise's expression, with its ``{rows}`` and its ``{table}``."""
    table = Identifier(dataset.table._meta.db_table)
    return SQL(expression).format(rows=tables.rows, table=table)


def _as(value: Composable, name: str) -> Composed:
    return SQL("{} AS {}").format(value, Identifier(name))


def _cell(fit: Fit, column: Column, zone: str) -> Cell:
    stored = fit.dataset.fields.get(column.name)
    type_ = stored.db_type(connection) if stored else None
    default = column.default() if callable(column.default) else column.default
    empty = default
    if default is None and column.kind in {"text", "choice"} and not (stored and stored.null):
        empty = ""
    longest = fit.dataset.longest(column)
    if longest is None and column.kind in people.DATASETS:
        longest = people.LONGEST
    return Cell(
        column=column,
        text=_text(fit, column.name),
        type=type_ or TYPES.get(column.kind, "text"),
        longest=longest,
        digits=_digits(stored),
        default=default,
        empty=empty,
        zone=zone,
        is_id=column.kind == "text" and column.name in (*fit.dataset.key, *fit.dataset.identity),
    )


def _digits(stored: Field[Any, Any] | None) -> int:
    """How many digits before the point a column surely holds."""
    if isinstance(stored, DecimalField):
        return (stored.max_digits or 0) - (stored.decimal_places or 0)
    return next((n for kind, n in INTEGER_DIGITS if isinstance(stored, kind)), 0)


def _text(fit: Fit, name: str) -> Composable:
    """The staged text of a column, null where the file does not have it."""
    return place(fit.places[name]) if name in fit.places else SQL("CAST(NULL AS text)")
