"""Sums over what a slice lets through of a roll-up: SQL that is written once for each shape.

A page asks for dozens of such sums with ever other values. To write them as text takes a twentieth
of what it takes to build and compile a query set, and it is the text that explanations show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

import pandas as pd
from django.core.exceptions import EmptyResultSet
from django.db.models import Model, QuerySet
from psycopg.sql import SQL, Composable, Identifier

from revops_site.kernel.filters import Slice
from revops_site.kernel.queries import Columns, conditions, filled, to_frame
from revops_site.kernel.replica import connection

Pairs: TypeAlias = tuple[tuple[str, str], ...]
Composed: TypeAlias = tuple[str, tuple[Any, ...]]

OPERATORS = {"lte": "<= %s", "gte": ">= %s", "lt": "< %s"}


@dataclass(frozen=True)
class Sums:
    """Which sums of a table: ``by`` and ``sums`` give the SQL of each column by its name.

    ``when`` and ``dimensions`` say what a slice narrows, as in ``cut``. ``derived`` is SQL of one
    more column that the sums may name, ``where`` of one more condition.
    """

    table: type[Model]
    by: Mapping[str, str]
    sums: Mapping[str, str]
    when: str | None
    dimensions: Mapping[str, str]
    derived: str = ""
    where: str = ""
    values: Sequence[Any] = field(default=())

    def sql(self, slice_: Slice) -> tuple[str, list[Any]]:
        """The query and its values; those of ``derived`` come first.

        Raises EmptyResultSet, as query sets do, where no row can match.
        """
        asked: list[tuple[str, str]] = []
        values = list(self.values)
        for column, lookup, value in conditions(slice_, self.when, self.dimensions):
            if isinstance(value, QuerySet):
                inner, theirs = value.query.sql_with_params()
                asked.append((column, f"IN ({inner})"))
                values += theirs
            elif lookup == "in":
                if not value:
                    raise EmptyResultSet
                asked.append((column, f"IN ({', '.join(['%s'] * len(value))})"))
                values += value
            else:
                asked.append((column, OPERATORS[lookup]))
                values.append(value)
        pairs = tuple(self.by.items()), tuple(self.sums.items()), tuple(asked)
        return _text(self.table._meta.db_table, self.derived, *pairs, self.where), values

    def read(self, slice_: Slice, columns: Columns) -> pd.DataFrame:
        """The sums as a frame of these columns: those of ``by`` in their order, then the sums."""
        try:
            asked = self.sql(slice_)
        except EmptyResultSet:
            return to_frame((), columns)
        with connection.cursor() as cursor:
            cursor.execute(*asked)
            return to_frame(cursor.fetchall(), columns)

    def written(self, slice_: Slice) -> str:
        """The SQL with its values in place, to be read by people."""
        return filled(*self.sql(slice_))


def over(sql: str, rows: QuerySet[Any, Any], **named: Any) -> Composed:
    """SQL over the rows of a query set, which stand where it says ``{rows}``, and its parameters.

    ``named`` are what it names besides: values, or parts of SQL. Raises EmptyResultSet where no
    row can match.
    """
    inner, params = rows.query.sql_with_params()
    text = SQL(sql).format(rows=SQL(inner), **named).as_string()
    return text, tuple(params) * sql.count("{rows}")


def asked(sql: str, rows: QuerySet[Any, Any], **named: Any) -> list[tuple[Any, ...]]:
    """What the SQL over these rows gives; nothing where no row can match."""
    try:
        composed = over(sql, rows, **named)
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*composed)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def sums_over(
    sums: Mapping[str, str], by: Mapping[str, str] | None = None, order: Sequence[str] = ()
) -> str:
    """SQL for ``over`` of sums by name: in one row, or one for each value of the keys ``by``.

    The rows come by the keys, or those of them that ``order`` names.
    """
    keys = by or {}
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in {**keys, **sums}.items())
    places = ", ".join(str(nth) for nth, _ in enumerate(keys, start=1))
    ordered = ", ".join(order or keys)
    grouped = f" GROUP BY {places} ORDER BY {ordered}" if keys else ""
    return f"SELECT {chosen} FROM ({{rows}}) AS summed{grouped}"  # noqa: S608


def summed(columns: Columns) -> dict[str, str]:
    """The SQL of each column's sum, in the type that its frame has; 0 where there is no row."""
    types = {"float64": "float8", "int64": "bigint"}
    return {name: f"COALESCE(sum({name}), 0)::{types[dtype]}" for name, dtype in columns.items()}


@lru_cache(maxsize=1024)
def _text(table: str, derived: str, by: Pairs, sums: Pairs, asked: Pairs, where: str) -> str:
    named = [SQL("{} AS {}").format(SQL(sql), Identifier(name)) for name, sql in (*by, *sums)]
    source: Composable = Identifier(table)
    if derived:
        source = SQL("(SELECT *, {} FROM {}) AS derived").format(SQL(derived), source)
    kept: list[Composable] = [
        SQL("{} {}").format(Identifier(column), SQL(said)) for column, said in asked
    ]
    kept += [SQL(where)] if where else []
    parts: list[Composable] = [SQL("SELECT {} FROM {}").format(SQL(", ").join(named), source)]
    if kept:
        parts.append(SQL("WHERE {}").format(SQL(" AND ").join(kept)))
    if by:
        places = SQL(", ".join(str(nth) for nth, _ in enumerate(by, start=1)))
        parts.append(SQL("GROUP BY {0} ORDER BY {0}").format(places))
    return SQL(" ").join(parts).as_string()
