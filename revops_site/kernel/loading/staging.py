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
        return Identifier("pg_temp", f"load_{self.nth}_staging")

    @property
    def refused(self) -> Identifier:
        """What was refused: ``line``, ``column``, ``value``, ``reason``."""
        return Identifier("pg_temp", f"load_{self.nth}_refused")

    @property
    def rows(self) -> Identifier:
        """The accepted rows in the dataset's columns and types, with their ``line``."""
        return Identifier("pg_temp", f"load_{self.nth}_rows")

    def drop(self, cursor: Cursor) -> None:
        """Let go of all three."""
        for table in (self.staging, self.refused, self.rows):
            cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(table))


def place(at: int) -> Identifier:
    """The staging column that holds the file's column number ``at``, from 0."""
    return Identifier(f"c{at}")


def stage(cursor: Cursor, source: Source, tables: Tables, progress: Progress | None) -> int:
    """Copy the file into its staging table; the number of data rows that it has."""
    head, width = source.head, len(source.head.fields)
    texts = SQL(", ").join(SQL("{} text").format(place(at)) for at in range(width))
    begin: Composable = SQL("CREATE TABLE {} (line bigint, trouble text, begins text, {})")
    cursor.execute(begin.format(tables.staging, texts))  # type: ignore[attr-defined]
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
