"""A file's records as a temporary table of texts, put there by COPY."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from revops_site.kernel.loading.reports import Lines, Progress, Step
from revops_site.kernel.loading.scan import Scan
from revops_site.kernel.loading.sources import Source
from revops_site.kernel.reading import Stream, UnreadableError

Cursor: TypeAlias = Any  # Django's wrapper around psycopg's cursor, of which COPY is used


class BrokenError(Exception):
    """A file that began well cannot be read to its end; ``says`` follows its name."""

    def __init__(self, source: Source, says: str) -> None:
        super().__init__(says)
        self.source = source
        self.says = says


@dataclass(frozen=True)
class Staged:
    """A file's records in their table: how many, and which were left out on purpose, by kind.

    ``total`` is the file's length as its reading counts it, in bytes or rows; ``remarks`` count
    what the profile found odd.
    """

    rows: int
    dropped: Mapping[str, Lines] = field(default_factory=dict)
    total: int = 0
    remarks: Mapping[str, int] = field(default_factory=dict)


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
    def twice(self) -> Identifier:
        """Keys that several of the rows have, with the first and the last of their lines."""
        return self._named("twice")

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
        found = (self.rows, self.twice, self.changed, self.was)
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


def stage(cursor: Cursor, source: Source, tables: Tables, progress: Progress | None) -> Staged:
    """Copy the file into its staging table.

    Raises BrokenError where it turns out on the way that the file cannot be read.
    """
    create(cursor, tables, len(source.way.headers))
    try:
        if source.way.reading:
            with source.way.reading.stream(source.path) as stream:
                return _copied(cursor, source, tables, stream, ",", progress)
        head = source.way.head
        assert head is not None
        with source.path.open("rb", buffering=0) as file:
            total = os.fstat(file.fileno()).st_size
            file.seek(head.offset)
            scan = Scan(file, head.delimiter, len(head.fields), head.line, head.offset, total)
            return _copied(cursor, source, tables, scan, head.delimiter, progress)
    except UnreadableError as error:
        raise BrokenError(source, str(error)) from None


def _copied(
    cursor: Cursor,
    source: Source,
    tables: Tables,
    chunks: Scan | Stream,
    delimiter: str,
    progress: Progress | None,
) -> Staged:
    into = SQL("COPY {} FROM STDIN (FORMAT csv, DELIMITER {})")
    copying = cursor.copy(into.format(tables.staging, Literal(delimiter)))
    with connection.wrap_database_errors, copying as copy:
        for chunk in chunks:
            copy.write(chunk)
            if progress:
                done = min(chunks.total, chunks.done)
                progress(Step(source.name, "reading", chunks.rows, done, chunks.total))
    dropped = {
        kind: Lines(rows, tuple(chunks.dropped_lines[kind]))
        for kind, rows in chunks.dropped.items()
    }
    remarks = chunks.remarks if isinstance(chunks, Stream) else {}
    return Staged(chunks.rows, dropped, chunks.total, remarks)
