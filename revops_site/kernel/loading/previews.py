"""What would be stored of a file's first rows, before anything is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from revops_site.kernel.datasets import Dataset
from revops_site.kernel.loading import checks, people, sources, staging
from revops_site.kernel.loading.opening import Asked, mapped
from revops_site.kernel.loading.reports import Appended
from revops_site.kernel.loading.staging import Cursor, Tables
from revops_site.kernel.profiles import Profile
from revops_site.kernel.reading import Stream

TABLES = Tables(0)
HEAD = 3  # fields before a record's own


@dataclass(frozen=True)
class PreviewRow:
    """A row as it would be stored; ``troubles`` say by column why it would be refused.

    A refused row's cells are as the profile gives them; a trouble of the whole row is under "".
    """

    line: int
    cells: tuple[str, ...]
    troubles: Mapping[str, str]


@dataclass(frozen=True)
class Preview:
    """The first rows of a file under the ``titles`` of the dataset's columns."""

    titles: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    appended: Appended = ()


def preview(path: Path, profile: Profile, catalog: Sequence[Dataset], rows: int = 20) -> Preview:
    """The first rows of a file as its profile's dataset would store them; nothing is kept.

    No more of the file is read than these rows take; a workbook is read whole.
    Raises UnreadableError where the file or the profile does not fit, ValueError where the
    profile's dataset is none of the catalog's.
    """
    dataset = sources.named(profile.dataset, catalog)
    reading = mapped(path, dataset, Asked(dataset, profile))
    with reading.stream(path) as stream:
        first = list(islice(records(stream), rows))
    if not reading.headers:  # the profile takes nothing from this file
        return Preview((), (), reading.appended)
    with transaction.atomic(), connection.cursor() as cursor:
        shown = tuple(_shown(cursor, dataset, reading.headers, first))
        transaction.set_rollback(True)
    return Preview(reading.headers, shown, reading.appended)


def records(stream: Stream) -> Iterator[list[str]]:
    """What a stream gives, record by record: line, trouble, beginning, fields."""
    for chunk in stream:
        yield from csv.reader(io.StringIO(chunk.decode(), newline=""))


def _shown(
    cursor: Cursor, dataset: Dataset, headers: Sequence[str], first: Sequence[list[str]]
) -> Iterator[PreviewRow]:
    TABLES.drop(cursor)
    fit = sources.fit(dataset, headers)
    staging.create(cursor, TABLES, len(headers))
    into = SQL("COPY {} FROM STDIN").format(TABLES.staging)
    with connection.wrap_database_errors, cursor.copy(into) as copy:
        for record in first:
            copy.write_row([field or None for field in record])
    checks.check(cursor, fit, TABLES)
    troubles: dict[int, dict[str, str]] = {}
    cursor.execute(SQL('SELECT line, "column", reason FROM {}').format(TABLES.refused))
    for line, column, reason in cursor.fetchall():
        troubles.setdefault(line, {})[column] = reason
    typed = _typed(cursor, dataset, fit.places)
    places = [name for name, _ in sorted(fit.places.items(), key=lambda pair: pair[1])]
    for record in first:
        line, given = int(record[0]), record[HEAD:]
        stored = typed.get(line, {})
        cells = [stored.get(name, cell) for name, cell in zip(places, given, strict=True)]
        yield PreviewRow(line, tuple(cells), troubles.get(line, {}))


def _typed(
    cursor: Cursor, dataset: Dataset, places: Mapping[str, int]
) -> dict[int, dict[str, str]]:
    """The accepted rows' cells as text, by line; people stay as they are called."""
    whom = {column.name for column in people.columns(dataset)}
    names = [column.name for column in dataset.columns if column.name in {*places} - whom]
    cells = [SQL("CAST({} AS text)").format(Identifier(name)) for name in names]
    every = SQL(", ").join([SQL("line"), *cells])
    cursor.execute(SQL("SELECT {} FROM {}").format(every, TABLES.rows))
    return {
        line: {name: cell or "" for name, cell in zip(names, cells, strict=True)}
        for line, *cells in cursor.fetchall()
    }
