"""A file's records as a temporary table of texts, put there by COPY."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.loading.reports import Progress, Step
from revops_site.kernel.loading.scan import Scan
from revops_site.kernel.loading.sources import Source

Cursor: TypeAlias = Any  # Django's wrapper around psycopg's cursor, of which COPY is used


@dataclass(frozen=True)
class Tables:
    """The temporary tables of one file of a run; the ``nth`` file's differ from the others'."""

    nth: int

    @property
    def staging(self) -> Identifier:
        """All records as text: ``line``, ``trouble``, ``begins``, then ``c0``, ``c1`` …"""
        return self._named("staging")

    @property
    def doubtful(self) -> Identifier:
        """Of the staged records those that have to be looked at cell by cell."""
        return self._named("doubtful")

    @property
    def refused(self) -> Identifier:
        """What was refused: ``line``, ``column``, ``value``, ``reason``."""
        return self._named("refused")

    @property
    def names(self) -> Identifier:
        """Who is meant by what the file says: ``kind`` (rep or team), ``name``, ``id``."""
        return self._named("names")

    @property
    def rows(self) -> Identifier:
        """The accepted rows in the dataset's columns and types, with their ``line``."""
        return self._named("rows")

    @property
    def changed(self) -> Identifier:
        """Of the accepted rows the new and the differing ones, with ``is known``."""
        return self._named("changed")

    @property
    def was(self) -> Identifier:
        """Stored rows, in the table's columns, as they were before they were changed or left."""
        return self._named("was")

    def drop(self, cursor: Cursor) -> None:
        """Let go of all of them."""
        given = (self.staging, self.doubtful, self.refused, self.names)
        found = (self.rows, self.changed, self.was)
        cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(SQL(", ").join((*given, *found))))

    def _named(self, what: str) -> Identifier:
        return Identifier("pg_temp", f"load_{self.nth}_{what}")


def place(at: int) -> Identifier:
    """The staging column that holds the file's column number ``at``, from 0."""
    return Identifier(f"c{at}")


def create(cursor: Cursor, tables: Tables, width: int) -> None:
    """Make the staging table, empty, for records of ``width`` fields."""
    texts = SQL(", ").join(SQL("{} text").format(place(at)) for at in range(width))
    begin: Composable = SQL("CREATE TABLE {} (line bigint, trouble text, begins text, {})")
    cursor.execute(begin.format(tables.staging, texts))  # type: ignore[attr-defined]


def stage(cursor: Cursor, source: Source, tables: Tables, progress: Progress | None) -> int:
    """Copy the file into its staging table; the number of data rows that it has."""
    head, width = source.head, len(source.head.fields)
    create(cursor, tables, width)
    into = SQL("COPY {} FROM STDIN (FORMAT csv, DELIMITER {})")
    total = source.path.stat().st_size
    with source.path.open("rb", buffering=0) as stream:
        stream.seek(head.offset)
        scan = Scan(stream, head.delimiter, width, head.line)
        copying = cursor.copy(into.format(tables.staging, Literal(head.delimiter)))
        with connection.wrap_database_errors, copying as copy:
            for chunk in scan:
                copy.write(chunk)
                if progress:
                    done = min(total, head.offset + scan.done)
                    progress(Step(source.name, "reading", scan.rows, done, total))
    return scan.rows
